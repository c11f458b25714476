"""What every test of e-mails can ask for."""

from __future__ import annotations

from tests.emails.cast import edf as edf
from tests.smtp import post as post
