"""JupyterLab as learners get it: its own menus, none of a teacher's, and nothing fails in the background."""


def test_only_jupyterlabs_own_menus_are_there_and_nothing_fails(page, server):
    failed = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    page.goto(f"{server.url}lab?token={server.token}")
    menus = page.locator(".lm-MenuBar-itemLabel")
    menus.filter(has_text="Help").wait_for()
    page.wait_for_load_state("networkidle")
    assert menus.all_inner_texts() == ["File", "Edit", "View", "Run", "Kernel", "Tabs", "Settings", "Help"]
    assert [address for address in failed if "nbgrader" in address or "assignment" in address] == []
    assert [text for text in failed if not text.startswith("http")] == []
