"""Pictures in few colours: a screenshot of text and flat grounds in 256 of them is a third of its size."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

from playwright.sync_api import Page

#: The colours that stand most often, then the first of each other shade, 256 in all; each point takes the nearest.
_REDUCE = """
async (picture) => {
  const image = new Image();
  image.src = `data:image/png;base64,${picture}`;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const drawing = canvas.getContext("2d");
  drawing.drawImage(image, 0, 0);
  const points = new Uint32Array(drawing.getImageData(0, 0, image.width, image.height).data.buffer);
  const counts = new Map();
  for (const point of points) counts.set(point, (counts.get(point) ?? 0) + 1);
  const ranked = [...counts].sort((one, other) => other[1] - one[1]).map(([colour]) => colour);
  const palette = ranked.slice(0, 128);
  const shades = new Set(palette.map((colour) => colour & 0xf0f0f0));
  for (const colour of ranked.slice(128)) {
    if (palette.length < 256 && !shades.has(colour & 0xf0f0f0)) palette.push(colour);
    shades.add(colour & 0xf0f0f0);
  }
  const parts = (colour) => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255];
  const known = palette.map(parts);
  const places = new Map(palette.map((colour, place) => [colour, place]));
  const nearest = (colour) => {
    const [red, green, blue] = parts(colour);
    let [best, least] = [0, Infinity];
    known.forEach(([r, g, b], place) => {
      const far = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
      if (far < least) [best, least] = [place, far];
    });
    places.set(colour, best);
    return best;
  };
  const indexes = Uint8Array.from(points, (colour) => places.get(colour) ?? nearest(colour));
  let text = "";
  for (let at = 0; at < indexes.length; at += 32768) text += String.fromCharCode(...indexes.subarray(at, at + 32768));
  return { width: image.width, height: image.height, palette: known.flat(), indexes: btoa(text) };
}
"""


def smaller(page: Page, picture: bytes) -> bytes:
    """The same picture as a PNG of 256 colours. Chromium counts them; its page is left for an empty one."""
    page.goto("about:blank")
    found: dict[str, Any] = page.evaluate(_REDUCE, base64.b64encode(picture).decode())
    width, height, points = found["width"], found["height"], base64.b64decode(found["indexes"])
    lines = b"".join(b"\0" + points[at : at + width] for at in range(0, width * height, width))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", bytes(found["palette"])),
            _chunk(b"IDAT", zlib.compress(lines, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
