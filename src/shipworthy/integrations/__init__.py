"""What programs outside exchange with the product."""
