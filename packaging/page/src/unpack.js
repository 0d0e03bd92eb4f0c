// Unpacks what `xz --format=lzma` has packed, a quarter smaller than what a browser unpacks by itself. The form is that of the LZMA
// specification (https://7-zip.org/sdk.html, lzma-specification.txt).
function unpack(packed, length) {
  const [literalContext, literalPosition, position] = [packed[0] % 9, Math.floor(packed[0] / 9) % 5, Math.floor(packed[0] / 45)];
  const out = new Uint8Array(length);
  // The probabilities of each kind of bit, one kind after another.
  let count = 0;
  const kind = (size) => (count += size) - size;
  const [isMatch, isRepeat, isOlder, isOlder1, isOlder2, isLong] = [192, 12, 12, 12, 12, 192].map(kind);
  const [slots, specials, aligned, lengths, repeatLengths, literals] = [256, 128, 16, 514, 514, 0x300 << (literalContext + literalPosition)].map(kind);
  const chances = new Uint16Array(count).fill(1024);
  // After a header of 13 bytes and one of zero.
  let at = 14;
  let range = 0xffffffff;
  let code = 0;
  const next = () => (code = ((code << 8) | packed[at++]) >>> 0);
  for (let byte = 0; byte < 4; byte++) next();
  const bit = (which) => {
    const chance = chances[which];
    const bound = (range >>> 11) * chance;
    const is = code < bound ? 0 : 1;
    if (is === 0) {
      range = bound;
      chances[which] = chance + ((2048 - chance) >> 5);
    } else {
      range -= bound;
      code -= bound;
      chances[which] = chance - (chance >> 5);
    }
    if (range < 0x1000000) {
      range = (range << 8) >>> 0;
      next();
    }
    return is;
  };
  const tree = (from, bits) => {
    let node = 1;
    for (let left = bits; left > 0; left--) node = (node << 1) | bit(from + node);
    return node - (1 << bits);
  };
  const reversed = (from, bits) => {
    let [node, value] = [1, 0];
    for (let place = 0; place < bits; place++) {
      const is = bit(from + node);
      node = (node << 1) | is;
      value |= is << place;
    }
    return value;
  };
  const direct = (bits) => {
    let value = 0;
    for (let left = bits; left > 0; left--) {
      range >>>= 1;
      const is = code >= range ? 1 : 0;
      if (is) code -= range;
      value = value * 2 + is;
      if (range < 0x1000000) {
        range = (range << 8) >>> 0;
        next();
      }
    }
    return value;
  };
  const lengthOf = (from, place) => {
    if (!bit(from)) return tree(from + 2 + place * 8, 3) + 2;
    if (!bit(from + 1)) return tree(from + 130 + place * 8, 3) + 10;
    return tree(from + 258, 8) + 18;
  };
  const distanceOf = (size) => {
    const slot = tree(slots + Math.min(size - 2, 3) * 64, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** bits;
    if (slot < 14) return base + reversed(specials + base - slot, bits);
    return base + direct(bits - 4) * 16 + reversed(aligned, 4);
  };
  let state = 0;
  let recent = [0, 0, 0, 0];
  let done = 0;
  while (done < length) {
    const place = done & ((1 << position) - 1);
    if (!bit(isMatch + state * 16 + place)) {
      const before = done > 0 ? out[done - 1] : 0;
      const context = ((done & ((1 << literalPosition) - 1)) << literalContext) + (before >> (8 - literalContext));
      const from = literals + 0x300 * context;
      let symbol = 1;
      if (state >= 7) {
        let matched = out[done - recent[0] - 1];
        while (symbol < 0x100) {
          const expected = (matched >> 7) & 1;
          matched <<= 1;
          const is = bit(from + ((1 + expected) << 8) + symbol);
          symbol = (symbol << 1) | is;
          if (is !== expected) break;
        }
      }
      while (symbol < 0x100) symbol = (symbol << 1) | bit(from + symbol);
      out[done++] = symbol;
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      continue;
    }
    let size;
    if (!bit(isRepeat + state)) {
      size = lengthOf(lengths, place);
      recent = [distanceOf(size), recent[0], recent[1], recent[2]];
      state = state < 7 ? 7 : 10;
    } else {
      if (!bit(isOlder + state)) {
        if (!bit(isLong + state * 16 + place)) {
          out[done] = out[done - recent[0] - 1];
          done += 1;
          state = state < 7 ? 9 : 11;
          continue;
        }
      } else {
        const which = !bit(isOlder1 + state) ? 1 : !bit(isOlder2 + state) ? 2 : 3;
        recent = [recent[which], ...recent.filter((_, index) => index !== which)];
      }
      size = lengthOf(repeatLengths, place);
      state = state < 7 ? 8 : 11;
    }
    for (let left = size; left > 0; left--) {
      out[done] = out[done - recent[0] - 1];
      done += 1;
    }
  }
  return out;
}
