"""Answers what Huawei's X mode asks: where does this call go, is this text forwarded."""
