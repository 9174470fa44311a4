"""Security advisories on loading a Keras model, and the versions each names as affected.

Collected in November 2026 from the advisories of the Keras project and the CVE records. The list only grows:
https://github.com/keras-team/keras/security/advisories has the present one. Nothing here says how any of
them is used.
"""

# In the notation of Python packages, as `packaging.specifiers` reads it.
AFFECTED = {
    "CVE-2024-3660": "<2.13",
    "CVE-2025-1550": ">=3.0,<3.9",
    "CVE-2025-8747": ">=3.0,<3.11",
    "CVE-2025-9905": ">=3.0,<3.11.3",
    "CVE-2025-9906": "<3.11",
    "CVE-2025-12058": "<3.12",
    "CVE-2025-49655": ">=3.11,<3.11.3",
    "CVE-2026-0897": ">=3.0,<3.13.1",
    "CVE-2026-1462": "<3.13.2",
    "CVE-2026-1669": ">=3.0,<3.13.2",
    "CVE-2026-12479": "==3.14.0",
    "CVE-2026-12480": "<3.14",
    "CVE-2026-12481": "==3.14.0",
}
