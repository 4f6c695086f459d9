"""What tests of citations in other programs' files share."""

import subprocess
from pathlib import Path


def converted(source: Path, form: str, folder: Path, *more: str) -> Path:
    """Have LibreOffice write a file in another form.

    :param form: its ending, or that with a filter and its options behind a colon.
    """
    folder.mkdir()
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", "--headless", profile, "--convert-to", form, "--outdir", str(folder), *more, str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return folder / f"{source.stem}.{form.partition(':')[0]}"
