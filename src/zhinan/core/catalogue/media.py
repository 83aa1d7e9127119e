"""E190–E199: what can be wrong with pictures and recordings."""

from __future__ import annotations

from zhinan.core.errors import Entry

__all__ = ["ENTRIES"]

ENTRIES: dict[str, Entry] = {
    "E190": Entry(
        "these arrays are no set of pictures: {reason}",
        "save one array of pixels (n, height, width[, 3]) of uint8 and one of labels (n,) by numpy.savez",
        "这些数组不是图片集：{reason}",
        "请用 numpy.savez 保存一个 uint8 像素数组 (n, 高, 宽[, 3]) 和一个标签数组 (n,)",
    ),
    "E191": Entry(
        "neither a JSON list of objects, nor a table by columns, nor annotations in COCO's form",
        "write [{{…}}, {{…}}] with one object per example, or one object a line as .jsonl",
        "既不是由对象组成的 JSON 列表，也不是按列书写的表格或 COCO 格式的标注",
        "请写成 [{{…}}, {{…}}]，每个样本一个对象；或另存为每行一个对象的 .jsonl",
    ),
    "E193": Entry(
        "the folders {names} are parts of the data and no classes: these are the folders in them",
        "name each part: source: {folder}/train, test: {folder}/test (of an archive, once it is unpacked)",
        "文件夹 {names} 是数据的各部分而非类别：类别是其中的子文件夹",
        "请分别写明：source: {folder}/train，test: {folder}/test（压缩包请先解压）",
    ),
    "E194": Entry(
        "the tables {names} of {folder} are parts of the data, one to learn from and one to be tested on",
        "name each part: source: {folder}/train.csv, test: {folder}/test.csv (of an archive, once it is unpacked); or"
        " both, if all are to learn from: source: [{folder}/train.csv, {folder}/test.csv]",
        "{folder} 中的表 {names} 是数据的各部分：分别用于学习和检验",
        "请分别写明：source: {folder}/train.csv，test: {folder}/test.csv（压缩包请先解压）；若都用于学习，"
        "请写 source: [{folder}/train.csv, {folder}/test.csv]",
    ),
    "E192": Entry(
        "reading recordings needs the package soundfile",
        "pip install 'zhinan[speech]'",
        "读取录音需要 soundfile 包",
        "pip install 'zhinan[speech]'",
    ),
}
