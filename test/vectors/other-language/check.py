"""Reads the vectors from FORMAT.md's text alone. Prints one JSON document: the vectors that it judges otherwise."""
import json
import pathlib
import sys

from checkpoints import parse_body, parse_row, parse_state, read_checkpoint
from formats import (
    Fields, Refused, Tree, check_kdf, decode, derive, encode, id_list_hash, live_at, need, open_box, open_grant, open_grants,
    open_object, padme, parse_event, parse_grants, parse_header, parse_manifest, parse_operations, parse_record, parsed,
    read_chain, read_chunks, is_sound, sha256, signed, structure,
)
from primitives import ed25519_public, hkdf, x25519, xchacha_open

BASE = (9).to_bytes(32, "little")


def hexed(data, *names):
    return [bytes.fromhex(data[name]) for name in names]


def events_of(data):
    return [tuple(None if part is None else bytes.fromhex(part) for part in event) for event in data["events"]]


def tagged(value):
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    return [tagged(item) for item in value] if isinstance(value, list) else value


class Missing(Exception):
    pass


def log(data, tell):
    chain = read_chain(bytes.fromhex(data["account"]), events_of(data))
    vault, private = hexed(data, "vault", "sealingPrivate")
    tree, keys, counts, effects = Tree(), {}, {}, []
    at = {"seq": 0, "head": bytes(32), "epoch": 0, "began": 0, "position": 0}

    def state():
        nodes = sorted(tree.nodes.items())
        return {
            "seq": at["seq"], "head": at["head"].hex(), "name": tree.name, "epoch": at["epoch"], "effects": list(effects),
            "nodes": [
                [node.hex(), "folder" if it["folder"] else "file", it["parent"].hex(), it["name"], not it["live"],
                 it["revision"] and it["revision"].hex()] for node, it in nodes
            ],
            "revisions": sorted(each.hex() for each in tree.revisions),
        }

    tell(state())
    for entry in data["entries"]:
        raw, signature, ciphertext = hexed(entry, "header", "signature", "ciphertext")
        # F-REPLAY-1 to F-REPLAY-7, in this order.
        need(len(ciphertext) <= 1_048_576, "E_LIMIT")
        header = parse_header(raw)
        need(header["vault"] == vault)
        need(header["account"] == chain["account"] and vault in chain["vaults"], "E_MEMBER")
        position = chain["positions"].get(header["accountHead"])
        device = chain["devices"].get(header["device"])
        need(position is not None and position >= at["position"] and live_at(device, position), "E_MEMBER")
        need(signed("entry", raw, signature, device["key"]))
        begins = header["epoch"] == at["epoch"] + 1
        need(begins or header["epoch"] == at["epoch"], "E_MEMBER")
        need(begins or not any(at["began"] < seq <= position for seq in chain["revoked"]), "E_MEMBER")
        need(header["seq"] == at["seq"] + 1 and header["prev"] == at["head"], "E_FORK")
        need(header["seq"] != 1 or sha256(raw) == chain["vaults"][vault], "E_FORK")
        need(header["deviceSeq"] == counts.get(header["device"], 0) + 1, "E_FORK")
        need(sha256(ciphertext) == header["ciphertext"])
        retained, released = ([bytes.fromhex(each) for each in entry[name]] for name in ("retained", "released"))
        need(id_list_hash(retained) == header["retained"] and id_list_hash(released) == header["released"])
        need(not set(retained) & set(released))
        key, grants = keys.get(header["epoch"]), None
        if begins:
            if entry["grants"] is None:
                raise Missing
            grants = bytes.fromhex(entry["grants"])
            key = open_grants(vault, header["epoch"], chain["account"], private, grants)
        place = [vault, header["epoch"], header["seq"], header["prev"], header["device"]]
        operations = parse_operations(open_box("entry", derive(key, "log", place[:2]), place, ciphertext))
        expected = (1 if header["seq"] == 1 else 0) if begins else None
        found = [index for index, operation in enumerate(operations) if operation[0] == 9]
        need(found == ([] if expected is None else [expected]), "E_MEMBER")
        need(header["seq"] != 1 or operations[0][0] == 8, "E_MEMBER")
        if begins:
            need(operations[expected][1:] == [header["epoch"], sha256(grants)], "E_MEMBER")
            keys[header["epoch"]] = key
            at.update(epoch=header["epoch"], began=position)
        effects.append(["applied" if tree.apply(operation) else "void" for operation in operations])
        counts[header["device"]] = header["deviceSeq"]
        at.update(seq=header["seq"], head=sha256(raw), position=position)
        tell(state())
    if "end" in data:
        need(data["end"]["seq"] >= at["seq"], "E_ROLLBACK")
        need(data["end"]["seq"] > at["seq"] or data["end"]["hash"] == at["head"].hex(), "E_FORK")
    return state()


def unlock(data, _):
    account, key = hexed(data, "account", "recoveryKey")
    pin = data["pin"]
    events = events_of(data)
    need(pin is None or len(events) >= pin["position"], "E_ROLLBACK")
    chain = read_chain(account, events)
    need(pin is None or chain["positions"].get(bytes.fromhex(pin["head"])) == pin["position"], "E_FORK")
    body, signature = hexed(data, "record", "signature")
    record = parse_record(body)
    place = [record["account"], record["keyVersion"]]
    master = open_box("wrap-recovery", derive(key, "recovery-kek", []), place, record["wraps"][1])
    need(len(master) == 32)
    box = open_box("identity", derive(master, "identity", place[:1]), place, record["identity"])
    fields = structure(decode(box), "identity", 5)
    seed, private = fields.hash(), fields.hash()
    fields.hash()
    identity, sealing = ed25519_public(seed), x25519(private, BASE)
    need(signed("account", body, signature, identity))
    need(identity == chain["key"] and sealing == chain["sealing"], "E_KEYCHANGE")
    need(record["account"] == account)
    need(chain["records"] and chain["records"][-1] == sha256(body), "E_ROLLBACK")
    return {"identityKey": identity.hex(), "sealingKey": sealing.hex(), "masterKey": master.hex(), "position": chain["seq"]}


def fetcher(data):
    objects = {bytes.fromhex(name): bytes.fromhex(sealed) for name, sealed in data["objects"]}

    def fetch(ref):
        if ref[0] not in objects:
            raise Missing
        return objects[ref[0]]

    return fetch


def pages(data, _):
    chunks, found = read_chunks(parse_manifest(decode(bytes.fromhex(data["manifest"]))), fetcher(data))
    return {"chunks": [[ref[0].hex(), ref[3]] for ref in chunks], "pages": found}


def file(data, _):
    fetch = fetcher(data)
    chunks, _ = read_chunks(parse_manifest(decode(bytes.fromhex(data["manifest"]))), fetch)
    return {"content": b"".join(open_object(1, ref, fetch(ref)) for ref in chunks).hex()}


def chunk(data, _):
    ref = (*hexed(data, "objectId", "secret", "hash"), data["plainLength"])
    need(len(ref[1]) == 32)
    kind = {"chunk": 1, "manifest-page": 2, "state-page": 3}[data["type"]]
    return open_object(kind, ref, bytes.fromhex(data["sealed"])).hex()


def sound_manifest(data, _):
    need(is_sound(parse_manifest(decode(bytes.fromhex(data["manifest"])))))


def kdf(data, _):
    salt = bytes.fromhex(data["salt"])
    check_kdf(data["memoryKiB"], data["passes"], data["lanes"], salt)
    return sha256(encode(["argon2id", data["memoryKiB"], data["passes"], data["lanes"], salt])).hex()


def offer(data, tell):
    kdf(data, tell)
    if data["known"] is not None:
        known = parse_record(bytes.fromhex(data["known"]))["kdf"]
        need(known == (data["memoryKiB"], data["passes"], data["lanes"], bytes.fromhex(data["salt"])), "E_DOWNGRADE")


def demand_signed(label, data, message, signature, key):
    need(signed(label, *hexed(data, message, signature, key)))


def entry_header(data, _):
    parse_header(bytes.fromhex(data["header"]))
    demand_signed("entry", data, "header", "signature", "deviceKey")


def record(data, _):
    parse_record(bytes.fromhex(data["record"]))
    demand_signed("account", data, "record", "signature", "identityKey")


def checkpoint_header(data, _):
    parse_body(bytes.fromhex(data["body"]))
    demand_signed("checkpoint", data, "body", "signature", "deviceKey")


def checkpoint(data, _):
    chain = read_chain(bytes.fromhex(data["account"]), events_of(data))
    vault, private, body, signature, box = hexed(data, "vault", "sealingPrivate", "body", "signature", "box")
    listed, grants = ([bytes.fromhex(each) for each in data[name]] for name in ("pages", "grants"))
    return read_checkpoint(chain, vault, private, body, signature, box, listed, grants, fetcher(data), Missing).hex()


def checkpoint_state(data, _):
    state = parse_state(bytes.fromhex(data["state"]))
    return {
        "name": state["name"],
        "deviceSeqs": {device.hex(): count for device, count in state["devices"]},
        "accounts": [{"account": account.hex(), "position": at, "head": head.hex()} for account, at, head in state["accounts"]],
        "epochs": [
            {"epoch": epoch, "seq": seq, "accountPosition": at, "grantsHash": pinned.hex()}
            for epoch, seq, at, pinned in state["epochs"]
        ],
        "stateHash": state["hash"].hex(),
        "pages": [
            {"objectId": ref[0].hex(), "secret": ref[1].hex(), "hash": ref[2].hex(), "plainLength": ref[3]} for ref in state["pages"]
        ],
    }


def state_row(data, _):
    row = parse_row(decode(bytes.fromhex(data["row"])))
    need(row["row"] == 0 or is_sound(row["manifest"]))


def login(data, _):
    server, client, account, device = hexed(data, "serverNonce", "clientNonce", "account", "devicePublic")
    kdf_hash = None if data["kdfHash"] is None else bytes.fromhex(data["kdfHash"])
    message = encode(["login", 1, data["method"], data["origin"], server, client, account, data["email"], kdf_hash, device])
    need(signed("login-" + data["method"], message, *hexed(data, "signature", "publicKey")))


def entry(data, _):
    raw, ciphertext, key = hexed(data, "header", "ciphertext", "vaultKey")
    header = parse_header(raw)
    demand_signed("entry", data, "header", "signature", "deviceKey")
    need(sha256(ciphertext) == header["ciphertext"])
    retained, released = ([bytes.fromhex(each) for each in data[name]] for name in ("retained", "released"))
    need(id_list_hash(retained) == header["retained"] and id_list_hash(released) == header["released"])
    place = [header["vault"], header["epoch"], header["seq"], header["prev"], header["device"]]
    return open_box("entry", derive(key, "log", place[:2]), place, ciphertext).hex()


def index_box(data, _):
    key, aad, box = hexed(data, "key", "aad", "box")
    need(len(box) >= 40)
    return xchacha_open(key, box[:24], aad, box[24:]).hex()


def grant(data, _):
    vault, account, private, sealed = hexed(data, "vault", "account", "privateKey", "grant")
    return open_grant(vault, data["epoch"], account, private, sealed).hex()


def fingerprint(data, _):
    account, identity, sealing = hexed(data, "account", "identityKey", "sealingKey")
    okm = hkdf(identity + sealing, account, b"holdfast/1/fingerprint", 60)
    return " ".join(f"{int.from_bytes(okm[at:at + 5], 'big') % 100_000:05}" for at in range(0, 60, 5))


READERS = {
    "cbor": lambda data, _: tagged(decode(bytes.fromhex(data["bytes"]))),
    "padme": lambda data, _: padme(data["length"]),
    "derive": lambda data, _: derive(bytes.fromhex(data["key"]), data["name"], decode(bytes.fromhex(data["context"]))).hex(),
    "box": lambda data, _: open_box(data["label"], bytes.fromhex(data["key"]), decode(bytes.fromhex(data["context"])), bytes.fromhex(data["box"])).hex(),
    "chunk": chunk,
    "signature": lambda data, _: demand_signed(data["label"], data, "message", "signature", "publicKey"),
    "kdf": kdf,
    "kdf-offer": offer,
    "account-record": record,
    "account-chain": lambda data, _: read_chain(bytes.fromhex(data["account"]), events_of(data)) and None,
    "unlock": unlock,
    "grants": lambda data, _: parse_grants(bytes.fromhex(data["grants"])) and None,
    "grant": grant,
    "entry-header": entry_header,
    "operations": lambda data, _: parse_operations(bytes.fromhex(data["padded"])) and None,
    "manifest": sound_manifest,
    "manifest-pages": pages,
    "file": file,
    "entry": entry,
    "checkpoint-header": checkpoint_header,
    "checkpoint": checkpoint,
    "checkpoint-state": checkpoint_state,
    "state-row": state_row,
    "index-box": index_box,
    "login": login,
    "id-list": lambda data, _: id_list_hash([bytes.fromhex(each) for each in data["ids"]]).hex(),
    "fingerprint": fingerprint,
    "log": log,
    "tree": log,
}


def judge(name, case):
    released, output = [None], None
    try:
        output = READERS[name](case["input"], lambda state: released.__setitem__(0, state))
        got = "ok"
    except Refused as error:
        got = str(error)
    except Missing:
        got = "missing"
    if got != case["expect"]:
        return got
    told = case.get("output" if got == "ok" else "released")
    given = output if got == "ok" else released[0]
    if isinstance(told, dict) and "rows" in told:
        told = {key: value for key, value in told.items() if key != "rows"}
    return None if given is None or given == told else {"given": given}


def main():
    differences, counts = [], {}
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
        vectors = json.loads(path.read_text(encoding="utf-8"))
        if vectors["format"] not in READERS:
            continue
        for case in vectors["cases"]:
            counts[vectors["format"]] = counts.get(vectors["format"], 0) + 1
            answer = judge(vectors["format"], case)
            if answer is not None:
                differences.append({"format": vectors["format"], "name": case["name"], "expect": case["expect"], "answer": answer})
    print(json.dumps({"counts": counts, "differences": differences}))


main()
