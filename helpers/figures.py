"""Figures with alternative text, in colours that colour-blind readers can tell apart."""

import base64
import html
import io

import IPython.display
import matplotlib.figure
import matplotlib.pyplot

# Okabe and Ito's palette: distinct in the common forms of colour blindness, and in grey.
BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#767676"


def show(figure: matplotlib.figure.Figure, alt: str) -> None:
    """Show a figure with a text that says the same, for screen readers and for pages without pictures.

    JupyterLab takes alternative text from HTML alone, other pages from the image's metadata; both get it.
    """
    buffer = io.BytesIO()
    figure.savefig(
        buffer, format="png", dpi=110, bbox_inches="tight", facecolor="white"
    )
    matplotlib.pyplot.close(figure)
    image = base64.b64encode(buffer.getvalue()).decode()
    picture = f'<img alt="{html.escape(alt)}" style="max-width: 100%" src="data:image/png;base64,{image}">'
    IPython.display.display(
        {"text/html": picture, "image/png": image, "text/plain": alt},
        raw=True,
        metadata={"image/png": {"alt": alt}},
    )
