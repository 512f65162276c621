"""Section 12: checkpoints."""
import unicodedata

from formats import (
    MIB4, ROOT, Fields, decode, derive, encode, id_list_hash, is_length, is_name, is_sound, live_at, need, open_box, open_grants,
    open_object, parse_manifest, parse_ref, parsed, sha256, signed, structure,
)


def parse_body(data):
    fields = parsed(data, "checkpoint", 11, 1024)
    return {
        "vault": fields.id(), "epoch": fields.integer(1), "seq": fields.integer(1), "head": fields.hash(),
        "device": fields.id(), "account": fields.id(), "accountHead": fields.hash(), "box": fields.hash(),
        "objects": fields.hash(),
    }


def _each(value, *kinds):
    for item in value:
        fields = Fields(item)
        found = [fields.hash() if kind == "h" else fields.id() if kind == "i" else fields.integer(1) for kind in kinds]
        fields.end()
        yield found


def _sorted(items):
    need(all(a[0] < b[0] for a, b in zip(items, items[1:])))
    return items


def parse_state(data):
    fields = structure(decode(data), "checkpoint-state", 8)
    state = {"name": fields.text()}
    state["devices"] = _sorted(list(_each(fields.array(), "i", "n")))
    state["accounts"] = _sorted(list(_each(fields.array(), "i", "n", "h")))
    state["epochs"] = list(_each(fields.array(), "n", "n", "n", "h"))
    need([epoch[0] for epoch in state["epochs"]] == list(range(1, len(state["epochs"]) + 1)))
    state["hash"] = fields.hash()
    state["pages"] = [parse_ref(ref) for ref in fields.array()]
    need(all(map(is_length, state["pages"])) and (state["name"] == "" or is_name(state["name"])))
    return state


def parse_row(value):
    fields = Fields(value)
    kind = fields.integer()
    need(kind in (0, 1))
    need(len(value) == (10 if kind == 0 else 7))
    row = {"row": kind, "node": fields.id()}
    if kind == 0:
        row.update(kind=fields.integer(), parent=fields.id(), name=fields.text(), deleted=fields.boolean())
        need(row["kind"] in (0, 1))
    else:
        row.update(revision=fields.id())
    row.update(seq=fields.integer(1))
    fields.integer(), fields.id()
    if kind == 0:
        revision = fields.next()
        need(revision is None or isinstance(revision, bytes) and len(revision) == 16)
        row.update(revision=revision)
    else:
        row.update(manifest=parse_manifest(fields.next()))
    return row


def check_rows(rows, seq):
    nodes, revisions, place = {}, {}, (b"", 0, 0, b"")
    for row in rows:
        if row["row"] == 0:
            at = (row["node"], 0, 0, b"")
            need(is_name(row["name"]) and row["node"] != ROOT)
            nodes[row["node"]] = row
        else:
            at = (row["node"], 1, row["seq"], row["revision"])
            need(row["node"] in nodes and nodes[row["node"]]["kind"] == 1 and row["revision"] not in revisions)
            manifest = row["manifest"]
            need(manifest["node"] == row["node"] and manifest["revision"] == row["revision"] and is_sound(manifest))
            revisions[row["revision"]] = row["node"]
        need(at > place and row["seq"] <= seq)
        place = at
    names = set()
    for node, row in nodes.items():
        if row["parent"] != ROOT:
            parent = nodes.get(row["parent"])
            need(parent is not None and parent["kind"] == 0 and (row["deleted"] or not parent["deleted"]))
        if row["kind"] == 0:
            need(row["revision"] is None)
        else:
            need(row["revision"] is None or revisions.get(row["revision"]) == node)
            need(row["revision"] is not None or row["deleted"])
        if not row["deleted"]:
            key = row["parent"], unicodedata.normalize("NFC", row["name"])
            need(key not in names)
            names.add(key)
        way, at = set(), node
        while at != ROOT:
            need(at not in way)
            way.add(at)
            need(at in nodes)
            at = nodes[at]["parent"]


def read_checkpoint(chain, vault, private, body, signature, box, listed, grants, fetch, missing):
    """SHA-256 of the rows."""
    header = parse_body(body)
    need(header["vault"] == vault)
    need(header["account"] == chain["account"] and vault in chain["vaults"], "E_MEMBER")
    position = chain["positions"].get(header["accountHead"])
    device = chain["devices"].get(header["device"])
    need(position is not None and live_at(device, position), "E_MEMBER")
    need(signed("checkpoint", body, signature, device["key"]))
    if not live_at(device, chain["seq"]):
        raise missing
    need(len(box) <= MIB4, "E_LIMIT")
    need(sha256(box) == header["box"] and id_list_hash(listed) == header["objects"])
    if len(grants) < header["epoch"]:
        raise missing
    key = open_grants(vault, header["epoch"], chain["account"], private, grants[header["epoch"] - 1])
    place = [vault, header["epoch"], header["seq"], header["head"]]
    state = parse_state(open_box("checkpoint", derive(key, "checkpoint", place[:2]), place, box))
    epochs = state["epochs"]
    need(len(epochs) == header["epoch"])
    for (_, _, _, pinned), given in zip(epochs, grants):
        need(sha256(given) == pinned, "E_MEMBER")
    need(epochs[0][1] == 1 and all(a[1] < b[1] for a, b in zip(epochs, epochs[1:])) and epochs[-1][1] <= header["seq"])
    need(all(each in chain["devices"] for each, _ in state["devices"]))
    need(sum(count for _, count in state["devices"]) == header["seq"])
    need(len(state["accounts"]) == 1 and state["accounts"][0][0] == header["account"])
    _, newest, head = state["accounts"][0]
    need(newest <= position and chain["positions"].get(head) == newest)
    need(all(began <= newest for _, _, began, _ in epochs))
    need(sorted(ref[0] for ref in state["pages"]) == listed)
    rows, hashes = [], []
    for index, ref in enumerate(state["pages"]):
        plain = open_object(3, ref, fetch(ref))
        fields = structure(decode(plain), "state-page", 5)
        need(fields.id() == vault and fields.integer() == index)
        rows += fields.array()
        hashes.append(sha256(plain))
    need(sha256(b"".join(hashes)) == state["hash"])
    check_rows([parse_row(row) for row in rows], header["seq"])
    return sha256(b"".join(encode(row) for row in rows))
