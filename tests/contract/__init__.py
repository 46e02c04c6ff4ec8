"""What every provider must do, and each provider against its simulator."""
