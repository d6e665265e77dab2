/** Archives for tests. */
import { crc32 } from 'node:zlib'

/** A zip of entries that are not compressed. */
export function zip(entries) {
  const parts = []
  const directory = []
  let at = 0
  for (const [name, bytes] of Object.entries(entries)) {
    const head = Buffer.alloc(26)
    head.writeUInt16LE(20, 0)
    head.writeUInt32LE(crc32(bytes), 10)
    head.writeUInt32LE(bytes.length, 14)
    head.writeUInt32LE(bytes.length, 18)
    head.writeUInt16LE(name.length, 22)
    const place = Buffer.alloc(14)
    place.writeUInt32LE(at, 10)
    parts.push(Buffer.from('PK\x03\x04'), head, Buffer.from(name), bytes)
    directory.push(Buffer.from('PK\x01\x02\x14\x00'), head, place, Buffer.from(name))
    at += 30 + name.length + bytes.length
  }
  const end = Buffer.alloc(18)
  end.writeUInt16LE(Object.keys(entries).length, 4)
  end.writeUInt16LE(Object.keys(entries).length, 6)
  end.writeUInt32LE(Buffer.concat(directory).length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...parts, ...directory, Buffer.from('PK\x05\x06'), end])
}
