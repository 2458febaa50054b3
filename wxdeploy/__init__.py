"""Configuration-as-code for WeChat Official Accounts (公众号 / 服务号)."""

__version__ = "0.1.0"
__all__ = ["__version__"]
