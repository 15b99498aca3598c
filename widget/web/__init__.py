"""What every page needs: tokens, origins, assets, fragments, request numbers, form fields, filters."""
