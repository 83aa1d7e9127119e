"""E450–E499: answering over HTTP."""

from __future__ import annotations

from zhinan.core.errors import Entry

__all__ = ["ENTRIES"]

ENTRIES: dict[str, Entry] = {
    "E450": Entry(
        "the address {host} is reachable from other machines, and no token file is given",
        "write a token into a file only you can read and start with --token-file FILE, or serve on 127.0.0.1",
        "地址 {host} 可从其他机器访问，但未提供令牌文件",
        "请将令牌写入仅本人可读的文件，并用 --token-file FILE 启动，或在 127.0.0.1 上服务",
    ),
    "E451": Entry(
        "the token file cannot be used: {reason}",
        "one token a line, 16 or more letters, digits or ._~+/=-, optionally SCOPE@50/s:TOKEN; chmod 600 FILE",
        "令牌文件不可用：{reason}",
        "每行一个令牌，至少 16 个字母、数字或 ._~+/=-，可写作 SCOPE@50/s:TOKEN；chmod 600 FILE",
    ),
    "E452": Entry(
        "port {port} on {host} cannot be used: {reason}",
        "choose another with --port",
        "无法使用 {host} 的端口 {port}：{reason}",
        "请用 --port 选择其他端口",
    ),
    "E453": Entry(
        "no version of '{product}' is live",
        "{suggestion}",
        "“{product}”没有上线的版本",
        "{suggestion}",
    ),
    "E454": Entry(
        "the version at this place belongs to the product '{found}', not to '{product}'",
        "serve it under its own product",
        "此处的版本属于产品“{found}”，而不是“{product}”",
        "请以其自身的产品名提供服务",
    ),
    "E455": Entry(
        "the workers stopped by themselves",
        "the lines above say why",
        "工作进程自行停止",
        "原因见上文",
    ),
    "E460": Entry(
        "the body is not strict JSON: {reason}",
        "send one JSON object in UTF-8 without NaN, duplicate keys or deep nesting",
        "请求体不是严格的 JSON：{reason}",
        "请发送 UTF-8 的 JSON 对象，不含 NaN、重复键或过深嵌套",
    ),
    "E461": Entry(
        "the request is framed wrongly: {reason}",
        "use an HTTP/1.1 client that sends each header once",
        "请求格式有误：{reason}",
        "请使用规范的 HTTP/1.1 客户端，每个头只发送一次",
    ),
    "E462": Entry(
        "the Host header is not one of this service",
        "call it by the address it listens on, or name its hosts in ZHINAN_HOSTS",
        "Host 头不属于本服务",
        "请使用其监听地址访问，或在 ZHINAN_HOSTS 中列出主机名",
    ),
    "E463": Entry(
        "this route needs a token",
        "send the header: Authorization: Bearer TOKEN",
        "此路由需要令牌",
        "请发送请求头：Authorization: Bearer TOKEN",
    ),
    "E464": Entry(
        "this token may not do that; it needs the scope {scope}",
        "use a token with that scope",
        "此令牌无权执行；需要范围 {scope}",
        "请使用具有该范围的令牌",
    ),
    "E465": Entry(
        "too many requests with this token",
        "wait for the seconds in Retry-After",
        "此令牌的请求过多",
        "请按 Retry-After 的秒数等待",
    ),
    "E466": Entry(
        "no such route",
        "GET /openapi.json lists them",
        "没有此路由",
        "GET /openapi.json 列出所有路由",
    ),
    "E467": Entry(
        "this route does not take this method",
        "use {allowed}",
        "此路由不支持该方法",
        "请使用 {allowed}",
    ),
    "E468": Entry(
        "the body must be sent as application/json, uncompressed",
        "send the header: Content-Type: application/json",
        "请求体必须为未压缩的 application/json",
        "请发送请求头：Content-Type: application/json",
    ),
    "E469": Entry(
        "the request is larger than {limit:,} bytes",
        "send fewer inputs at once",
        "请求超过 {limit:,} 字节",
        "请减少单次发送的输入",
    ),
    "E470": Entry(
        "the body did not arrive within {seconds:g} seconds",
        "send it without pauses",
        "请求体未在 {seconds:g} 秒内到达",
        "请连续发送",
    ),
    "E471": Entry(
        "the service is busy",
        "try again after the seconds in Retry-After",
        "服务繁忙",
        "请按 Retry-After 的秒数后重试",
    ),
    "E472": Entry(
        "something went wrong here; it was logged without your data",
        "try again, and tell who runs the service",
        "服务内部出错；日志中不含您的数据",
        "请重试，并告知服务的运维人员",
    ),
    "E473": Entry(
        "the body does not fit this route: {reason}",
        "{fix}",
        "请求体不符合此路由：{reason}",
        "{fix}",
    ),
    "E474": Entry(
        "this event_id belongs to other content",
        "use a new event_id for new content",
        "此 event_id 已用于其他内容",
        "新内容请使用新的 event_id",
    ),
    "E475": Entry(
        "this service answers with one fixed version",
        "start it with the product instead of a version: zhinan serve product.yaml",
        "本服务固定使用一个版本",
        "请以产品而非版本启动：zhinan serve product.yaml",
    ),
    "E477": Entry(
        "the headers are larger than {limit:,} bytes",
        "send fewer or shorter headers",
        "请求头超过 {limit:,} 字节",
        "请减少或缩短请求头",
    ),
    "E476": Entry(
        "this service has no store, so nothing can be recorded",
        "start it with --store",
        "本服务没有存储，无法记录",
        "请用 --store 启动",
    ),
    "E478": Entry(
        "line {line} of the body is no row: {reason}",
        "send one JSON object a line, or CSV with a header and as many fields in each line",
        "请求体第 {line} 行不是一行数据：{reason}",
        "请每行发送一个 JSON 对象，或发送带表头且各行列数一致的 CSV",
    ),
    "E479": Entry(
        "there is no row in the body",
        "send at least one",
        "请求体中没有数据行",
        "请至少发送一行",
    ),
    "E480": Entry(
        "a job has at most {limit:,} rows",
        "send the rest as another job",
        "一个任务最多 {limit:,} 行",
        "请将其余的行作为另一个任务发送",
    ),
    "E481": Entry(
        "there is no such job, or it was erased",
        "send its rows to POST /jobs",
        "没有此任务，或已被清除",
        "请将数据行发送到 POST /jobs",
    ),
    "E482": Entry(
        "the job is not done: {done:,} of {rows:,} rows",
        "ask GET /jobs/ID until its status is done",
        "任务尚未完成：{done:,} / {rows:,} 行",
        "请查询 GET /jobs/ID，直到状态为 done",
    ),
    "E483": Entry(
        "{most} jobs of this token are not done yet",
        "wait until one is done, or DELETE one",
        "此令牌已有 {most} 个未完成的任务",
        "请等待其中一个完成，或用 DELETE 删除一个",
    ),
    "E484": Entry(
        "the job was given up: worker after worker was lost on the rows after {done:,}",
        "look at these rows and at the log, then send them again",
        "任务已放弃：处理第 {done:,} 行之后的数据时，工作进程接连终止",
        "请检查这些行与日志，然后重新发送",
    ),
    "E485": Entry(
        "the rows must be sent as application/jsonl or text/csv, uncompressed and in UTF-8",
        "send the header: Content-Type: application/jsonl",
        "数据行必须以未压缩的 UTF-8 application/jsonl 或 text/csv 发送",
        "请发送请求头：Content-Type: application/jsonl",
    ),
    "E486": Entry(
        "the row was erased: its person asked to be forgotten",
        "leave the row out of the next job",
        "该行已删除：其本人要求被遗忘",
        "请在下一个作业中去掉该行",
    ),
    "E487": Entry(
        "this token is not known here",
        "use one of the service's token file; this one may have been mistyped, or taken out",
        "此令牌在本服务中不存在",
        "请使用本服务令牌文件中的令牌；此令牌可能有误或已被移除",
    ),
    "E488": Entry(
        "the store has another version {number} of '{product}': its proof and monitors would be taken for this one's",
        "give this version a store of its own: --store FOLDER",
        "存储中“{product}”的版本 {number} 是另一个版本：其证明与监测会被当作此版本的",
        "请为此版本单独指定存储：--store 文件夹",
    ),
}
