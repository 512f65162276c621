"""The structures of suite 1, from FORMAT.md alone."""
import unicodedata

from primitives import Refused, aes_gcm_open, ed25519_verify, hkdf, hkdf_expand, hpke_open, need, sha256, xchacha_open

SAFE = 2**53 - 1
MIB4 = 4_194_304


# Section 2.
def decode(data):
    value, at = _read(data, 0, 1)
    need(at == len(data))
    return value


def _read(data, at, depth):
    need(at < len(data))
    major, info = data[at] >> 5, data[at] & 31
    at += 1
    if major == 7:
        need(info in (20, 21, 22))
        return {20: False, 21: True, 22: None}[info], at
    need(major <= 4 and info <= 27)
    value = info
    if info >= 24:
        size = 1 << (info - 24)
        need(at + size <= len(data))
        value = int.from_bytes(data[at:at + size], "big")
        need(value >= (24 if size == 1 else 1 << (4 * size)))
        at += size
    need(value <= SAFE)
    if major == 0:
        return value, at
    if major == 1:
        need(value < SAFE)
        return -1 - value, at
    need(value <= len(data) - at)
    if major == 2:
        return data[at:at + value], at + value
    if major == 3:
        try:
            return data[at:at + value].decode("utf-8"), at + value
        except UnicodeDecodeError:
            raise Refused("E_AUTH") from None
    need(depth <= 8)
    items = []
    for _ in range(value):
        item, at = _read(data, at, depth + 1)
        items.append(item)
    return items, at


def _head(major, value):
    if value < 24:
        return bytes([major << 5 | value])
    for info, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if value < 1 << (8 * size):
            return bytes([major << 5 | info]) + value.to_bytes(size, "big")
    raise ValueError


def encode(value):
    if value is None or isinstance(value, bool):
        return {None: b"\xf6", True: b"\xf5", False: b"\xf4"}[value]
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    return _head(4, len(value)) + b"".join(encode(item) for item in value)


def is_int(value):
    return isinstance(value, int) and not isinstance(value, bool)


class Fields:
    """The elements of an array, one after the other, each of the type that is asked for."""

    def __init__(self, value):
        need(isinstance(value, list))
        self.items, self.at = value, 0

    def next(self):
        need(self.at < len(self.items))
        self.at += 1
        return self.items[self.at - 1]

    def bytes(self, length=None):
        value = self.next()
        need(isinstance(value, bytes) and (length is None or len(value) == length))
        return value

    def id(self):
        return self.bytes(16)

    def hash(self):
        return self.bytes(32)

    def integer(self, least=None):
        value = self.next()
        need(is_int(value) and (least is None or value >= least))
        return value

    def text(self):
        value = self.next()
        need(isinstance(value, str))
        return value

    def boolean(self):
        value = self.next()
        need(isinstance(value, bool))
        return value

    def array(self):
        value = self.next()
        need(isinstance(value, list))
        return value

    def end(self):
        need(self.at == len(self.items))


def structure(value, name, count):
    need(isinstance(value, list) and len(value) > 0 and value[0] == name)
    need(len(value) > 1 and is_int(value[1]) and value[1] == 1, "E_DOWNGRADE")
    need(len(value) == count)
    return Fields(value[2:])


def parsed(data, name, count, limit):
    need(len(data) <= limit, "E_LIMIT")
    return structure(decode(data), name, count)


# Sections 1, 3 and 4.
def signed(label, message, signature, key):
    return ed25519_verify(key, b"holdfast/1/" + label.encode() + b"\0" + message, signature)


def derive(key, name, context):
    return hkdf(key, b"", b"holdfast/1/key/" + name.encode() + b"\0" + encode(context), 32)


def open_box(label, key, context, box):
    need(len(box) >= 72)
    info = b"holdfast/1/box/" + label.encode() + b"\0" + encode(context)
    okm = hkdf(key, box[:24], info, 88)
    need(okm[56:] == box[24:56])
    return xchacha_open(okm[:32], okm[32:56], info, box[56:])


def padme(length):
    if length < 2:
        return length
    e = length.bit_length() - 1
    s = e.bit_length()
    mask = (1 << (e - s)) - 1 if e > s else 0
    return (length + mask) & ~mask


# Sections 5 and 6.
def open_object(kind, ref, sealed):
    object_id, secret, pinned, n = ref
    need(n <= MIB4, "E_LIMIT")
    need(n >= 1)
    padded = max(4096, padme(n))
    need(len(sealed) == padded + 16 and sha256(sealed) == pinned)
    okm = hkdf_expand(secret, b"holdfast/1/chunk\0" + bytes([kind]) + object_id, 44)
    aad = bytes([kind, 1]) + object_id + n.to_bytes(4, "big") + padded.to_bytes(4, "big")
    plain = aes_gcm_open(okm[:32], okm[32:], aad, sealed)
    need(not any(plain[n:]))
    return plain[:n]


def parse_ref(value):
    fields = Fields(value)
    ref = fields.id(), fields.hash(), fields.hash(), fields.integer()
    fields.end()
    return ref


def is_length(ref):
    return 1 <= ref[3] <= MIB4


def parse_manifest(value):
    fields = structure(value, "manifest", 9)
    return {
        "node": fields.id(), "revision": fields.id(), "size": fields.integer(0), "mtime": fields.integer(),
        "exec": fields.boolean(), "count": fields.integer(0), "refs": [parse_ref(ref) for ref in fields.array()],
    }


def levels(count):
    """Refs of each level, the lowest first; the last number is that of the manifest's own."""
    if count <= 16:
        return [count]
    first = -(-count // 4096)
    return [count, first] if count <= 65_536 else [count, first, -(-first // 4096)]


def is_sound(manifest):
    counts = levels(manifest["count"])
    refs = manifest["refs"]
    if len(refs) != counts[-1] or len(refs) > 16 or not all(map(is_length, refs)):
        return False
    return len(counts) > 1 or sum(ref[3] for ref in refs) == manifest["size"]


def read_chunks(manifest, fetch):
    """The chunks, and the ids of all pages."""
    need(is_sound(manifest))
    refs, pages = manifest["refs"], []
    counts = levels(manifest["count"])
    for level in range(len(counts) - 1, 0, -1):
        below = []
        for index, ref in enumerate(refs):
            pages.append(ref[0].hex())
            fields = parsed(open_object(2, ref, fetch(ref)), "manifest-page", 7, MIB4)
            placed = (fields.id(), fields.id(), fields.integer(), fields.integer())
            need(placed == (manifest["node"], manifest["revision"], level, index))
            found = [parse_ref(item) for item in fields.array()]
            need(len(found) == min(4096, counts[level - 1] - 4096 * index) and all(map(is_length, found)))
            below += found
        refs = below
    need(sum(ref[3] for ref in refs) == manifest["size"])
    return refs, pages


# Section 7.
def check_kdf(m, t, p, salt):
    need(m >= 65_536 and t >= 3 and p >= 1 and len(salt) == 16 and any(salt), "E_DOWNGRADE")
    need(m <= 1_048_576 and t <= 10 and p <= 4, "E_LIMIT")


def normal_email(text):
    text = unicodedata.normalize("NFKC", text)
    ends = {*"\t\n\v\f\r\ufeff\u2028\u2029", *(each for each in text if unicodedata.category(each) == "Zs")}
    return text.strip("".join(ends)).lower()


def parse_record(data):
    fields = parsed(data, "account", 12, 16_384)
    record = {"account": fields.id(), "version": fields.integer(1), "email": fields.text()}
    need(3 <= len(record["email"].encode()) <= 254 and "@" in record["email"])
    need(record["email"] == normal_email(record["email"]))
    kdf = Fields(fields.array())
    need(len(kdf.items) == 5)
    need(kdf.text() == "argon2id", "E_DOWNGRADE")
    record["kdf"] = kdf.integer(), kdf.integer(), kdf.integer(), kdf.bytes()
    fields.hash(), fields.hash()
    record["keyVersion"] = fields.integer(1)
    record["wraps"] = fields.bytes(104), fields.bytes(104)
    record["identity"] = fields.bytes()
    return record


def parse_event(data):
    fields = parsed(data, "account-event", 11, 4096)
    event = {"account": fields.id(), "seq": fields.integer(1), "prev": fields.hash()}
    fields.integer()
    kind = event["kind"] = fields.text()
    if kind == "genesis":
        event.update(key=fields.hash(), sealing=fields.hash())
        unused = 2
    elif kind == "device-add":
        event.update(id=fields.id(), key=fields.hash(), sealing=fields.hash(), name=fields.bytes())
        need(73 <= len(event["name"]) <= 200)
        unused = 0
    elif kind == "device-revoke":
        event.update(id=fields.id())
        unused = 3
    elif kind == "record":
        event.update(version=fields.integer(1), hash=fields.hash())
        unused = 2
    elif kind == "vault-add":
        event.update(id=fields.id(), hash=fields.hash())
        unused = 2
    else:
        raise Refused("E_AUTH")
    for _ in range(unused):
        need(fields.next() is None)
    return event


def read_chain(account, events):
    chain = {"account": account, "seq": 0, "head": bytes(32), "devices": {}, "records": [], "vaults": {}, "positions": {}, "revoked": []}
    for data, signature, second in events:
        event = parse_event(data)
        kind = event["kind"]
        need(event["account"] == account)
        need(event["seq"] <= 16_384, "E_LIMIT")
        need(event["seq"] == chain["seq"] + 1 and event["prev"] == chain["head"], "E_FORK")
        if chain["seq"] == 0:
            need(kind == "genesis", "E_MEMBER")
            chain.update(key=event["key"], sealing=event["sealing"])
        need(signed("account-event", data, signature, chain["key"]))
        if kind == "device-add":
            need(second is not None and signed("device-add", data, second, event["key"]))
        else:
            need(second is None)
        seq = event["seq"]
        if kind == "genesis":
            need(seq == 1, "E_MEMBER")
        elif kind == "device-add":
            known = chain["devices"]
            need(event["id"] not in known, "E_MEMBER")
            for device in known.values():
                need(device["key"] != event["key"] and device["sealing"] != event["sealing"], "E_MEMBER")
            known[event["id"]] = {"key": event["key"], "sealing": event["sealing"], "added": seq, "revoked": None}
        elif kind == "device-revoke":
            device = chain["devices"].get(event["id"])
            need(device is not None and device["revoked"] is None, "E_MEMBER")
            device["revoked"] = seq
            chain["revoked"].append(seq)
        elif kind == "record":
            need(event["version"] == len(chain["records"]) + 1, "E_MEMBER")
            chain["records"].append(event["hash"])
        else:
            need(event["id"] not in chain["vaults"], "E_MEMBER")
            chain["vaults"][event["id"]] = event["hash"]
        chain["seq"], chain["head"] = seq, sha256(data)
        chain["positions"][chain["head"]] = seq
    need(chain["seq"] > 0)
    return chain


def live_at(device, position):
    return device is not None and device["added"] <= position and (device["revoked"] is None or device["revoked"] > position)


# Section 9.
def parse_grants(data):
    fields = parsed(data, "grants", 5, 1_048_576)
    vault, epoch, last, found = fields.id(), fields.integer(1), b"", []
    for item in fields.array():
        pair = Fields(item)
        account, grant = pair.id(), pair.bytes()
        pair.end()
        need(account > last)
        last = account
        found.append((account, grant))
    return vault, epoch, found


def open_grant(vault, epoch, account, private, grant):
    need(len(grant) > 0 and grant[0] == 1, "E_DOWNGRADE")
    key = hpke_open(private, b"holdfast/1/grant\0" + encode([vault, epoch, account]), grant[1:])
    need(len(key) == 32)
    return key


def open_grants(vault, epoch, account, private, data):
    found_vault, found_epoch, grants = parse_grants(data)
    need(found_vault == vault and found_epoch == epoch)
    own = dict(grants).get(account)
    need(own is not None, "E_MEMBER")
    return open_grant(vault, epoch, account, private, own)


# Section 8.
def parse_header(data):
    fields = parsed(data, "entry", 13, 512)
    return {
        "vault": fields.id(), "epoch": fields.integer(1), "seq": fields.integer(1), "prev": fields.hash(),
        "device": fields.id(), "deviceSeq": fields.integer(1), "accountHead": fields.hash(), "ciphertext": fields.hash(),
        "retained": fields.hash(), "released": fields.hash(), "account": fields.id(),
    }


def id_list_hash(ids):
    need(len(ids) <= 65_536, "E_LIMIT")
    need(all(a < b for a, b in zip(ids, ids[1:])))
    return sha256(b"".join(ids))


def unpad(padded):
    end = len(padded.rstrip(b"\0")) - 1
    need(end >= 0 and padded[end] == 0x80)
    need(len(padded) == padme(256 * -(-(end + 1) // 256)))
    return padded[:end]


def parse_operations(padded):
    fields = structure(decode(unpad(padded)), "operations", 4)
    fields.integer()
    items = fields.array()
    need(1 <= len(items) <= 4096)
    return [parse_operation(item) for item in items]


def parse_operation(value):
    fields = Fields(value)
    number = fields.integer(0)
    shapes = {1: "iit", 2: "iitm", 3: "iit", 4: "im", 5: "i", 6: "iit", 7: "r", 8: "t", 9: "eh"}
    need(number in shapes, "version")
    need(len(value) == len(shapes[number]) + 1)
    found = [number]
    for kind in shapes[number]:
        if kind == "r":
            ids = [Fields([item]).id() for item in fields.array()]
            need(1 <= len(ids) <= 4096)
            found.append(ids)
        else:
            read = {"i": fields.id, "t": fields.text, "h": fields.hash, "e": lambda: fields.integer(1), "m": lambda: parse_manifest(fields.next())}
            found.append(read[kind]())
    return found


ROOT = bytes(16)


def is_name(name):
    if not 1 <= len(name.encode()) <= 1020 or name in (".", "..") or "/" in name or "\0" in name:
        return False
    return unicodedata.normalize("NFKC", name).lower() != ".holdfast"


class Tree:
    """Section 8.4."""

    def __init__(self):
        self.nodes, self.revisions, self.name = {}, {}, ""

    def apply(self, operation):
        number, *rest = operation
        rule = (None, self.create, self.create, self.place, self.revise, self.delete, self.restore, self.release)
        if number == 8:
            if is_name(rest[0]):
                self.name = rest[0]
            return is_name(rest[0])
        return True if number == 9 else rule[number](*rest)

    def fits(self, node, parent, name):
        folder = self.nodes.get(parent)
        if parent != ROOT and not (folder and folder["live"] and folder["folder"]):
            return False
        if not is_name(name):
            return False
        key = unicodedata.normalize("NFC", name)
        return not any(
            other != node and it["live"] and it["parent"] == parent and unicodedata.normalize("NFC", it["name"]) == key
            for other, it in self.nodes.items()
        )

    def usable(self, node, manifest):
        return manifest["node"] == node and is_sound(manifest) and manifest["revision"] not in self.revisions

    def create(self, node, parent, name, manifest=None):
        if node == ROOT or node in self.nodes or not self.fits(node, parent, name):
            return False
        if manifest is not None:
            if not self.usable(node, manifest):
                return False
            self.revisions[manifest["revision"]] = node
        revision = manifest and manifest["revision"]
        self.nodes[node] = {"folder": manifest is None, "parent": parent, "name": name, "live": True, "revision": revision}
        return True

    def live(self, node):
        found = self.nodes.get(node)
        return found if found and found["live"] else None

    def place(self, node, parent, name):
        found = self.live(node)
        if not found or not self.fits(node, parent, name):
            return False
        at = parent
        while at != ROOT:
            if at == node:
                return False
            at = self.nodes[at]["parent"]
        found.update(parent=parent, name=name)
        return True

    def revise(self, node, manifest):
        found = self.live(node)
        if not found or found["folder"] or not self.usable(node, manifest):
            return False
        self.revisions[manifest["revision"]] = node
        found["revision"] = manifest["revision"]
        return True

    def delete(self, node):
        if not self.live(node):
            return False
        gone = [node]
        for each in gone:
            gone += [child for child, it in self.nodes.items() if it["live"] and it["parent"] == each]
        for each in gone:
            self.nodes[each]["live"] = False
        return True

    def restore(self, node, parent, name):
        found = self.nodes.get(node)
        if not found or found["live"] or (not found["folder"] and found["revision"] is None):
            return False
        if not self.fits(node, parent, name):
            return False
        found.update(parent=parent, name=name, live=True)
        return True

    def release(self, revisions):
        if len(set(revisions)) != len(revisions) or any(each not in self.revisions for each in revisions):
            return False
        owners = [(self.nodes[self.revisions[each]], each) for each in revisions]
        if any(node["live"] and node["revision"] == each for node, each in owners):
            return False
        for node, each in owners:
            if node["revision"] == each:
                node["revision"] = None
            del self.revisions[each]
        return True
