"""Alibaba Cloud Phone Number Protection (号码隐私保护): its receipts, as documented and as they drift."""
