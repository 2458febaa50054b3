"""What the kinds that hold menus share: buttons as values, the way through them, and rules held to every menu."""
