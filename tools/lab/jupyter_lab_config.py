"""JupyterLab for the chapters (`make lab`): it asks the network nothing, and knows what the references mean."""

from pathlib import Path

c = get_config()  # noqa: F821
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
c.LabApp.extra_labextensions_path = [str(Path(__file__).parent / "labextensions")]
