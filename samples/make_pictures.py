"""Writes the pictures in this folder: pages of the sample PDFs as a scanner or a camera gives them.

    pip install pypdfium2==5.15.2 pillow numpy
    python samples/make_pictures.py
"""

from pathlib import Path

import numpy
import pypdfium2
from PIL import Image

FOLDER = Path(__file__).parent


def scanned(pdf: str, jpeg: str, dpi: int, slant: float, turn: int, shadow: float, noise: float) -> None:
    """Draws the first page, slants it (degrees, lines running down), lights, specks and turns it."""
    page = pypdfium2.PdfDocument(FOLDER / pdf)[0].render(scale=dpi / 72).to_pil().convert("L")
    page = page.rotate(-slant, resample=Image.Resampling.BICUBIC, fillcolor=255)
    tones = 45 + numpy.asarray(page, dtype=float) * 0.75
    height, width = tones.shape
    rows, columns = numpy.mgrid[0:height, 0:width]
    tones -= shadow * (rows / height + columns / width) / 2
    tones += numpy.random.default_rng(7).uniform(-noise, noise, tones.shape)
    picture = Image.fromarray(tones.clip(0, 255).astype("uint8")).rotate(turn, expand=True)
    picture.save(FOLDER / jpeg, quality=60)


scanned("invoice-english.pdf", "invoice-scan.jpg", 150, 0.8, 0, 0, 14)
scanned("receipt.pdf", "receipt-photo.jpg", 170, -2.5, 90, 90, 10)
