"""The smallest spreadsheet of each format, byte for byte: readers are tried with them, whole and damaged."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

__all__ = ["archive", "ods", "xls", "xlsb", "xlsx"]

Rows = Sequence[Sequence[str]]

_MAIN = "http://schemas.openxmlformats.org"
_LINK = (f'<Relationships xmlns="{_MAIN}/package/2006/relationships"><Relationship Id="r1" '
         f'Type="{_MAIN}/officeDocument/2006/relationships')  # fmt: skip
_SECTOR = 512


def archive(members: Mapping[str, str | bytes]) -> bytes:
    """A zip archive, the same whenever it is made."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def xlsx(rows: Rows) -> bytes:
    """Excel since 2007: four members, texts written inline."""
    office = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    cells = "".join(
        f'<row r="{i}">'
        + "".join(f'<c r="{chr(65 + j)}{i}" t="inlineStr"><is><t>{v}</t></is></c>' for j, v in enumerate(row))
        + "</row>"
        for i, row in enumerate(rows, 1)
    )
    sheet = f'xmlns="{_MAIN}/spreadsheetml/2006/main" xmlns:r="{_MAIN}/officeDocument/2006/relationships"'
    return archive({
        "[Content_Types].xml": f'<Types xmlns="{_MAIN}/package/2006/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{office}.sheet.main+xml"/><Override PartName="/xl/worksheets/s.xml" '
        f'ContentType="{office}.worksheet+xml"/></Types>',
        "_rels/.rels": f'{_LINK}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'{_LINK}/worksheet" Target="worksheets/s.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {sheet}><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/worksheets/s.xml": f"<worksheet {sheet}><sheetData>{cells}</sheetData></worksheet>",
    })  # fmt: skip


def xlsb(rows: Rows) -> bytes:
    """Excel since 2007, written as binary records. Source: [MS-XLSB] 2.1.4: kind, length, content."""
    book = (_binary(0x83) + _binary(0x8F) + _binary(0x9C, struct.pack("<II", 0, 1) + _wide("r1") + _wide("S"))
            + _binary(0x90) + _binary(0x84))  # fmt: skip
    cells = b"".join(
        _binary(0x00, struct.pack("<II17x", i, 0))
        + b"".join(_binary(0x06, struct.pack("<II", j, 0) + _wide(text)) for j, text in enumerate(row))
        for i, row in enumerate(rows)
    )
    size = struct.pack("<IIII", 0, len(rows) - 1, 0, len(rows[0]) - 1)
    sheet = _binary(0x81) + _binary(0x94, size) + _binary(0x91) + cells + _binary(0x92) + _binary(0x82)
    return archive({
        "[Content_Types].xml": f'<Types xmlns="{_MAIN}/package/2006/content-types"/>',
        "xl/_rels/workbook.bin.rels": f'{_LINK}/worksheet" Target="worksheets/s.bin"/></Relationships>',
        "xl/workbook.bin": book,
        "xl/worksheets/s.bin": sheet,
    })  # fmt: skip


def xls(rows: Rows) -> bytes:
    """Excel 97: a stream of records in a compound file. Source: [MS-XLS] 2.4."""
    cells = b"".join(
        _record(0x204, struct.pack("<HHHHB", i, j, 0, len(text), 1) + text.encode("utf-16-le"))
        for i, row in enumerate(rows)
        for j, text in enumerate(row)
    )
    begin, end = "<HHHHII", _record(0x0A)
    book = _record(0x809, struct.pack(begin, 0x600, 0x05, 0, 0, 0, 0x600))
    sheet = _record(0x809, struct.pack(begin, 0x600, 0x10, 0, 0, 0, 0x600))
    sheet += _record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, len(rows[0]), 0)) + cells + end
    named = "<IBBBB1s"
    at = len(book) + 4 + struct.calcsize(named) + len(end)
    return _compound("Workbook", book + _record(0x85, struct.pack(named, at, 0, 0, 1, 0, b"S")) + end + sheet)


def ods(rows: Rows) -> bytes:
    """OpenDocument."""
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
                      for name in ("office", "table", "text", "manifest"))  # fmt: skip
    cells = "".join(
        "<table:table-row>"
        + "".join(f'<table:table-cell office:value-type="string"><text:p>{v}</text:p></table:table-cell>' for v in row)
        + "</table:table-row>"
        for row in rows
    )
    content = (f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="S">'
               f"{cells}</table:table></office:spreadsheet></office:body></office:document-content>")  # fmt: skip
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (f'<manifest:manifest {spaces}><manifest:file-entry manifest:full-path="/" '
                f'manifest:media-type="{kind}"/></manifest:manifest>')  # fmt: skip
    return archive({"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content})


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _binary(kind: int, content: bytes = b"") -> bytes:
    """A record of an .xlsb file: kind and length take seven bits a byte."""
    return _sevens(kind) + _sevens(len(content)) + content


def _sevens(number: int) -> bytes:
    made = bytearray()
    while number > 0x7F:
        made.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*made, number])


def _record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _compound(name: str, stream: bytes) -> bytes:
    """A compound file of one stream: header, table of sectors, directory, content. Source: [MS-CFB] 2."""
    free, end, table, least = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 4096
    sectors = -(-max(len(stream), least) // _SECTOR)
    if sectors > _SECTOR // 4 - 2:
        raise ValueError("one table of sectors holds 63 kB")
    stream = stream.ljust(sectors * _SECTOR, b"\0")

    def entry(called: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = f"{called}\0".encode("utf-16-le") if called else b""
        return struct.pack("<64sHBBIII36xIII", text, len(text), kind, 1, free, free, child, start, size, 0)

    head = struct.pack("<8s16x5H6x9I109I", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
                       0, 1, 1, 0, least, end, 0, end, 0, 0, *[free] * 108)  # fmt: skip
    chain = [table, end, *range(3, sectors + 2), end]
    sizes = struct.pack(f"<{_SECTOR // 4}I", *chain, *[free] * (_SECTOR // 4 - len(chain)))
    root = entry("Root Entry", 5, 1, end, 0) + entry(name, 2, free, 2, len(stream))
    return head + sizes + root + entry("", 0, free, 0, 0) * 2 + stream
