"""What the pages use of Flask-WTF, which comes without types."""

from flask_wtf.csrf import CSRFProtect as CSRFProtect
