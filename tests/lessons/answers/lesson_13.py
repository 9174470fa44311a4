"""Answers that learners give to the exercises of lesson 13."""

CLIENT = """def value(client, rows, sleep):
    {before}
    for attempt in range({times}):
        reply = client.post("/v1/models/digits:predict", json={{"instances": rows}})
        if reply.status_code {until}:
            break
        {wait}
    {after}
    return reply.json()["predictions"]
"""


WAIT = """said = reply.headers.get('Retry-After', '')
        if attempt < 4:
            sleep(float(said) if said.isdecimal() else 1)"""


def client(times="5", until="!= 503", wait=WAIT, after="reply.raise_for_status()", before="pass"):
    return CLIENT.format(times=times, until=until, wait=wait, after=after, before=before)


UPLOAD = """def value(bucket, version, address):
    for path in sorted(version.rglob("*")):
        if path.is_file():
            {put}
"""
LAST = """def value(bucket, version, address):
    for path in version.rglob("*"):
        name = path.relative_to(version).as_posix()
        if path.is_file() and name != "saved_model.pb":
            with bucket.open(f"{address}/{name}", "wb") as file:
                file.write(path.read_bytes())
    bucket.pipe_file(f"{address}/saved_model.pb", (version / "saved_model.pb").read_bytes())
"""
AFTERWARDS = """def value(bucket, version, address):
    bucket.put(str(version), address, recursive=True)
    bucket.rm(f"{address}/saved_model.pb")
    bucket.put_file(str(version / "saved_model.pb"), f"{address}/saved_model.pb")
"""
# In order on a local disk and in memory; to S3 the files of one call go side by side.
LIST = """def value(bucket, version, address):
    names = [path.relative_to(version).as_posix() for path in version.rglob("*") if path.is_file()]
    names.sort(key=lambda name: name == "saved_model.pb")
    bucket.put([str(version / name) for name in names], [f"{address}/{name}" for name in names])
"""
PIPED = """def value(bucket, version, address):
    names = [path.relative_to(version).as_posix() for path in version.rglob("*") if path.is_file()]
    names.sort(key=lambda name: name == "saved_model.pb")
    bucket.pipe({f"{address}/{name}": (version / name).read_bytes() for name in names})
"""
TWICE = """def value(bucket, version, address):
    for part in ("assets", "variables"):
        bucket.put(f"{version}/{part}/", f"{address}/{part}/", recursive=True)
    for name in ("fingerprint.pb", "saved_model.pb"):
        bucket.put(str(version / name), f"{address}/{name}")
"""
ASIDE = """def value(bucket, version, address):
    bucket.put(str(version), "/aside/1", recursive=True)
    names = [name.removeprefix("/aside/1/") for name in bucket.find("/aside/1")]
    for name in sorted(names, key=lambda name: name == "saved_model.pb"):
        bucket.copy(f"/aside/1/{name}", f"{address}/{name}")
"""

WRONG = {
    "13.1": [
        ("", "3", "no-store"),
        ("", "'elsewhere'", "no-store"),
        ("", "'store'", "no-canary"),
        # The pitfalls: to promote what is to be tried, and 25 percent as 1 request in 25.
        ("serving.start_canary('store', 1, 0.25)", "'store'", "version"),
        ("serving.start_canary('store', 2, 1 / 25)", "'store'", "share"),
        ("versions.promote('store', 2)\nserving.start_canary('store', 2, 0.25)", "'store'", "promoted"),
    ],
    "13.2": [
        ("", "5", "no-function"),
        ("def value(client, rows, sleep): return client.get('/none').json()['predictions'][1]", "value", "raises"),
        ("def value(*given): pass", "value", "answers"),
        (client(before="client.post('/v1/models/digits:predict', json={'instances': rows})"), "value", "too-often"),
        (client(after="if reply.status_code == 400: return None"), "value", "swallows"),
        (client(until="== 200", wait="sleep(float(reply.headers.get('Retry-After', 1)))"), "value", "stubborn"),
        (client(times="1"), "value", "gives-up"),
        (client(until="< 500", wait="sleep(float(reply.headers.get('Retry-After', 1)))"), "value", "stubborn"),
        # A header is text, and time.sleep wants a number.
        (client(wait="sleep(reply.headers['Retry-After'])"), "value", "gives-up"),
        (client(wait="pass"), "value", "no-wait"),
        (client(wait="sleep(1)"), "value", "no-wait"),
        (client(times="3"), "value", "count"),
        (client(times="10 ** 9"), "value", "count"),
        (client(wait="sleep(float(reply.headers['Retry-After']))"), "value", "in-vain"),
        (client(wait="if attempt < 4: sleep(float(reply.headers['Retry-After']))"), "value", "no-header"),
        (client(wait="if attempt < 4: sleep(float(reply.headers.get('Retry-After', 1)))"), "value", "date"),
        (client(after="if reply.status_code == 503: return []\n    reply.raise_for_status()"), "value", "silent"),
    ],
    "13.3": [
        ("", "'models'", "no-function"),
        ("def value(bucket, version, address): bucket.rename(str(version), address)", "value", "raises"),
        ("def value(bucket, version, address): pass", "value", "nothing"),
        (UPLOAD.format(put="bucket.put_file(str(path), f'{address}/{path.name}')"), "value", "missing"),
        (UPLOAD.format(put="bucket.touch(f'{address}/{path.relative_to(version).as_posix()}')"), "value", "content"),
        ("def value(bucket, version, address): bucket.put(str(version), address, recursive=True)", "value", "early"),
        # The order is mended afterwards, and a reader may have looked before.
        (AFTERWARDS, "value", "early"),
        (LIST, "value", "early"),
        (PIPED, "value", "early"),
        (UPLOAD.format(put="bucket.put_file(str(path), f'{address}/{path.relative_to(version).as_posix()}')"), "value", "early"),
    ],
}  # fmt: skip

RIGHT = {
    "13.1": [
        (
            "versions.promote('store', 1)\nserving.start_canary(store='store', version=2, share=1 / 4)",
            "'store'",
        )
    ],
    "13.2": [
        (client(), "value"),
        (
            """def value(client, rows, sleep):
    for attempt in range(5):
        if attempt:
            try:
                sleep(float(reply.headers["retry-after"]))
            except (KeyError, ValueError):
                sleep(1)
        reply = client.post("/v1/models/digits:predict", json={"instances": rows})
        if reply.status_code != 503:
            break
    reply.raise_for_status()
    return reply.json()["predictions"]
""",
            "value",
        ),
    ],
    "13.3": [(LAST, "value"), (ASIDE, "value"), (TWICE, "value")],
}
