"""What must be there before the functions run: declared, found, compared, made. `receipts doctor` compares, too."""
