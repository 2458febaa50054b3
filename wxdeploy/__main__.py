"""``python -m wxdeploy`` is the ``wxdeploy`` command."""

from wxdeploy.cli import main

if __name__ == "__main__":
    main()
