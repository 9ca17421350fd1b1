"""Reads what a PNG says of itself with Pillow, or makes a PNG that says something else.

    picture.py read FILE             prints the texts of the picture as JSON
    picture.py forge FILE OLD NEW    prints the picture with one text for another, with right checksums
    picture.py save FILE             prints the picture as Pillow saves it, without its texts
"""

import io
import json
import struct
import sys
import zlib

from PIL import Image

what, path, *texts = sys.argv[1:]
with open(path, "rb") as file:
    data = file.read()
if what == "read":
    picture = Image.open(io.BytesIO(data))
    picture.load()
    print(json.dumps({"size": picture.size, **picture.text}, ensure_ascii=False))
elif what == "save":
    Image.open(io.BytesIO(data)).save(sys.stdout.buffer, "png")
else:
    old, new = (text.encode() for text in texts)
    out, at, changed = data[:8], 8, 0
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        body = data[at + 4 : at + 8 + length]
        at += 12 + length
        if body[:4] == b"iTXt":
            changed += body.count(old)
            body = body.replace(old, new)
        out += struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    assert changed, f"no text has {texts[0]}"
    sys.stdout.buffer.write(out)
