"""The error clinic: paste an error, get what it means, why it happens and what cures it.

`clinic.ask('''...''')` looks up a text, `clinic.ask()` the error that the last cell raised, `clinic.index()`
lists every entry, `clinic.prove("P24")` lets one happen and cures it. In a terminal: `course --clinic`.
"""

from helpers.tools.clinic.asking import Answer, ask, index
from helpers.tools.clinic.proving import prove

__all__ = ["Answer", "ask", "index", "prove"]
