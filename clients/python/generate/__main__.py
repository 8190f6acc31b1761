"""Write every generated module."""

from __future__ import annotations

from . import modules


def main() -> None:
    for path, text in modules.all_modules():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(path)


if __name__ == "__main__":
    main()
