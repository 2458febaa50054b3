"""What the kinds share that say who sees what: tags, and the personalised menus whose rules name them."""
