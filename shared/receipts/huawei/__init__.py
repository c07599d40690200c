"""Huawei Cloud PrivateNumber (隐私保护通话): its notifications, as documented and as they drift."""
