"""Primitives of suite 1 with Python's standard library alone, by the RFCs' own pseudocode. Slow, and only to check."""
import hashlib
import hmac
import struct


class Refused(Exception):
    """With the class of FORMAT.md, section 1."""


def need(condition, kind="E_AUTH"):
    if not condition:
        raise Refused(kind)


def sha256(data):
    return hashlib.sha256(data).digest()


def hkdf_expand(prk, info, length):
    okm, block = b"", b""
    for counter in range(1, -(-length // 32) + 1):
        block = hmac.new(prk, block + info + bytes([counter]), hashlib.sha256).digest()
        okm += block
    return okm[:length]


def hkdf_extract(salt, ikm):
    return hmac.new(salt or bytes(32), ikm, hashlib.sha256).digest()


def hkdf(ikm, salt, info, length):
    return hkdf_expand(hkdf_extract(salt, ikm), info, length)


# RFC 8439: ChaCha20, Poly1305; draft-irtf-cfrg-xchacha-03: HChaCha20.
def _rotate(value, bits):
    return ((value << bits) | (value >> (32 - bits))) & 0xFFFFFFFF


def _rounds(state):
    x = list(state)
    for _ in range(10):
        for a, b, c, d in (
            (0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
            (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14),
        ):
            x[a] = (x[a] + x[b]) & 0xFFFFFFFF
            x[d] = _rotate(x[d] ^ x[a], 16)
            x[c] = (x[c] + x[d]) & 0xFFFFFFFF
            x[b] = _rotate(x[b] ^ x[c], 12)
            x[a] = (x[a] + x[b]) & 0xFFFFFFFF
            x[d] = _rotate(x[d] ^ x[a], 8)
            x[c] = (x[c] + x[d]) & 0xFFFFFFFF
            x[b] = _rotate(x[b] ^ x[c], 7)
    return x


_CONSTANTS = struct.unpack("<4I", b"expand 32-byte k")


def _chacha_block(key, counter, nonce):
    state = [*_CONSTANTS, *struct.unpack("<8I", key), counter, *struct.unpack("<3I", nonce)]
    return struct.pack("<16I", *((a + b) & 0xFFFFFFFF for a, b in zip(_rounds(state), state)))


def _hchacha(key, nonce):
    x = _rounds([*_CONSTANTS, *struct.unpack("<8I", key), *struct.unpack("<4I", nonce)])
    return struct.pack("<8I", *x[:4], *x[12:])


def _poly1305(key, data):
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for at in range(0, len(data), 16):
        total = (total + int.from_bytes(data[at:at + 16] + b"\x01", "little")) * r % (2**130 - 5)
    return ((total + int.from_bytes(key[16:], "little")) % 2**128).to_bytes(16, "little")


def _padded16(data):
    return data + bytes(-len(data) % 16)


def chacha20poly1305_open(key, nonce, aad, sealed):
    need(len(sealed) >= 16)
    text, tag = sealed[:-16], sealed[-16:]
    mac = _padded16(aad) + _padded16(text) + struct.pack("<QQ", len(aad), len(text))
    need(hmac.compare_digest(_poly1305(_chacha_block(key, 0, nonce)[:32], mac), tag))
    plain = bytearray()
    for at in range(0, len(text), 64):
        block = _chacha_block(key, at // 64 + 1, nonce)
        plain += bytes(a ^ b for a, b in zip(text[at:at + 64], block))
    return bytes(plain)


def xchacha_open(key, nonce, aad, sealed):
    return chacha20poly1305_open(_hchacha(key, nonce[:16]), bytes(4) + nonce[16:], aad, sealed)


# FIPS 197 and SP 800-38D.
def _tables():
    box, p, q = [0] * 256, 1, 1
    while True:
        p ^= ((p << 1) ^ (0x1B if p & 0x80 else 0)) & 0xFF
        for shift in (1, 2, 4):
            q ^= (q << shift) & 0xFF
        q ^= 0x09 if q & 0x80 else 0
        box[p] = 0x63
        for shift in range(5):
            box[p] ^= ((q << shift) | (q >> (8 - shift))) & 0xFF
        if p == 1:
            break
    box[0] = 0x63
    return box


_BOX = _tables()
_TWICE = [((v << 1) ^ (0x1B if v & 0x80 else 0)) & 0xFF for v in range(256)]


def _aes_keys(key):
    words, rcon = [list(key[at:at + 4]) for at in range(0, 32, 4)], 1
    for at in range(8, 60):
        word = list(words[-1])
        if at % 8 == 0:
            word = [_BOX[b] for b in word[1:] + word[:1]]
            word[0] ^= rcon
            rcon = _TWICE[rcon]
        elif at % 8 == 4:
            word = [_BOX[b] for b in word]
        words.append([a ^ b for a, b in zip(words[at - 8], word)])
    return [sum(words[at:at + 4], []) for at in range(0, 60, 4)]


def _aes_block(keys, block):
    state = [a ^ b for a, b in zip(block, keys[0])]
    for number, key in enumerate(keys[1:], 1):
        state = [_BOX[state[(at + 4 * (at % 4)) % 16]] for at in range(16)]
        if number < 14:
            mixed = []
            for at in range(0, 16, 4):
                column = state[at:at + 4]
                every = column[0] ^ column[1] ^ column[2] ^ column[3]
                mixed += [column[i] ^ every ^ _TWICE[column[i] ^ column[(i + 1) % 4]] for i in range(4)]
            state = mixed
        state = [a ^ b for a, b in zip(state, key)]
    return bytes(state)


def _ghash(h, data):
    # A table of H times each bit, so that a block costs 128 steps of `if` and `xor`.
    table, value = [], h
    for _ in range(128):
        table.append(value)
        value = (value >> 1) ^ (0xE1 << 120 if value & 1 else 0)
    y = 0
    for at in range(0, len(data), 16):
        y ^= int.from_bytes(data[at:at + 16], "big")
        product = 0
        for bit in range(128):
            if y >> (127 - bit) & 1:
                product ^= table[bit]
        y = product
    return y


def aes_gcm_open(key, nonce, aad, sealed):
    need(len(sealed) >= 16)
    text, tag = sealed[:-16], sealed[-16:]
    keys = _aes_keys(key)
    h = int.from_bytes(_aes_block(keys, bytes(16)), "big")
    lengths = struct.pack(">QQ", 8 * len(aad), 8 * len(text))
    mask = int.from_bytes(_aes_block(keys, nonce + b"\0\0\0\1"), "big")
    want = (_ghash(h, _padded16(aad) + _padded16(text) + lengths) ^ mask).to_bytes(16, "big")
    need(hmac.compare_digest(want, tag))
    plain = bytearray()
    for at in range(0, len(text), 16):
        block = _aes_block(keys, nonce + struct.pack(">I", at // 16 + 2))
        plain += bytes(a ^ b for a, b in zip(text[at:at + 16], block))
    return bytes(plain)


# RFC 8032 and RFC 7748.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
_ROOT = pow(2, (P - 1) // 4, P)


def _point(encoded):
    """The point of a canonical encoding, or None."""
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * v**3 * pow(u * v**7, (P - 5) // 8, P) % P
    if v * x * x % P != u:
        x = x * _ROOT % P
    if v * x * x % P != u or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def _add(a, b):
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    g, h, i, j = f - e, d - c, d + c, f + e
    return g * h % P, i * j % P, h * i % P, g * j % P


def _times(number, point):
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = _add(total, point)
        point = _add(point, point)
        number >>= 1
    return total


def _same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


_BASE_Y = 4 * pow(5, -1, P) % P
BASE = _point(_BASE_Y.to_bytes(32, "little"))


def _encode(point):
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def ed25519_public(seed):
    h = int.from_bytes(hashlib.sha512(seed).digest()[:32], "little")
    return _encode(_times(h & (2**254 - 8) | 2**254, BASE))


def ed25519_verify(public, message, signature):
    """Strict: canonical S and points, the cofactorless equation, no key or R of small order."""
    if len(signature) != 64 or len(public) != 32:
        return False
    a, r = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    if any(_same(_times(8, point), (0, 1, 1, 0)) for point in (a, r)):
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    return _same(_times(s, BASE), _add(r, _times(h, a)))


def x25519(private, public):
    k = int.from_bytes(private, "little") & (2**254 - 8) | 2**254
    u = int.from_bytes(public, "little") & (2**255 - 1)
    x2, z2, x3, z3, swap = 1, 0, u, 1, 0
    for at in range(254, -1, -1):
        bit = k >> at & 1
        if swap ^ bit:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = bit
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        aa, bb, da, cb = a * a, b * b, d * a, c * b
        e = aa - bb
        x3, z3 = (da + cb) ** 2 % P, u * (da - cb) ** 2 % P
        x2, z2 = aa * bb % P, e * (aa + 121665 * e) % P
    if swap:
        x2, z2 = x3, z3
    return (x2 * pow(z2, P - 2, P) % P).to_bytes(32, "little")


def hpke_open(private, info, sealed):
    """RFC 9180 base mode with the algorithms of FORMAT.md; aad empty."""
    need(len(sealed) >= 48)
    kem, suite = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x03"

    def extract(of, salt, label, ikm):
        return hkdf_extract(salt, b"HPKE-v1" + of + label + ikm)

    def expand(of, prk, label, data, length):
        return hkdf_expand(prk, struct.pack(">H", length) + b"HPKE-v1" + of + label + data, length)

    enc, text = sealed[:32], sealed[32:]
    secret = x25519(private, enc)
    need(any(secret))
    own = x25519(private, (9).to_bytes(32, "little"))
    shared = expand(kem, extract(kem, b"", b"eae_prk", secret), b"shared_secret", enc + own, 32)
    context = b"\0" + extract(suite, b"", b"psk_id_hash", b"") + extract(suite, b"", b"info_hash", info)
    base = extract(suite, shared, b"secret", b"")
    key, nonce = expand(suite, base, b"key", context, 32), expand(suite, base, b"base_nonce", context, 12)
    return chacha20poly1305_open(key, nonce, b"", text)
