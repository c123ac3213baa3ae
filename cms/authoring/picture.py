"""A picture of our own, for the demo and for the tests."""

from io import BytesIO

from PIL import Image, ImageDraw


def demo_picture() -> bytes:
    """A plain drawing of a workshop: a screen, a window, two seats. The same bytes each time."""
    picture = Image.new("RGB", (1200, 675), "#f5f5fe")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 520, 1200, 675), fill="#cacafb")
    draw.rounded_rectangle((330, 120, 870, 450), radius=18, fill="#000091")
    draw.rounded_rectangle((352, 142, 848, 428), radius=8, fill="#ffffff")
    for rank, width in enumerate((380, 300, 340)):
        draw.rounded_rectangle((392, 190 + rank * 70, 392 + width, 222 + rank * 70), radius=8, fill="#8585f6")
    draw.rectangle((570, 450, 630, 520), fill="#000091")
    for left in (180, 890):
        draw.ellipse((left, 380, left + 130, 510), fill="#e1000f")
        draw.rounded_rectangle((left - 20, 515, left + 150, 675), radius=40, fill="#000091")
    data = BytesIO()
    picture.save(data, format="PNG")
    return data.getvalue()
