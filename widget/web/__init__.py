"""What every page needs: tokens, origins, assets, fragments, form fields, filters."""
