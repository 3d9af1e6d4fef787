import { describe, expect, it } from 'vitest'
import { photo, readPicture } from '../testing/photo.ts'
import { loadScaler, pictureTypes } from './scaler.ts'

const scale = await loadScaler()

describe.skipIf(scale === undefined)('pictures made smaller (needs the optional package sharp)', () => {
  const sharp = async () => (await import('sharp')).default
  const solid = async (width: number, height: number) =>
    (await sharp())({ create: { width, height, channels: 3, background: 'red' } })
      .png()
      .toBuffer()

  it.each(pictureTypes)('are %s of the shape they had, and use the room they are given', async type => {
    for (const octets of [2000, 20_000]) {
      const small = await readPicture(await scale!(await photo('jpeg', 800, 400), type, octets))
      expect(small.format).toBe(type.slice('image/'.length))
      expect(Math.abs(small.width - 2 * small.height)).toBeLessThanOrEqual(1)
      expect(small.octets).toBeLessThanOrEqual(octets)
      expect(small.octets).toBeGreaterThan(octets / 3)
    }
  })

  it('stand upright, and do not tell where they were taken', async () => {
    const exif = { IFD3: { GPSLatitude: '60/1 10/1 0/1' } }
    const turned = (await sharp())(await photo('jpeg', 400, 200))
      .withMetadata({ orientation: 6 })
      .withExifMerge(exif)
    const picture = await turned.jpeg().toBuffer()
    expect((await readPicture(picture)).exif).toBeDefined()
    const small = await readPicture(await scale!(picture, 'image/jpeg', 5000))
    expect(small.exif).toBeUndefined()
    expect(Math.abs(small.height - 2 * small.width)).toBeLessThanOrEqual(1)
  })

  it('are white where they could be seen through, in a type that has no such thing', async () => {
    const create = { width: 64, height: 64, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } as const
    const small = await scale!(await (await sharp())({ create }).png().toBuffer(), 'image/jpeg', 5000)
    expect((await (await sharp())(small!).stats()).channels[0]!.min).toBeGreaterThan(250)
  })

  it('are not unfolded beyond 24 million pixels, however short they are', async () => {
    const [good, bomb] = [await solid(5000, 4000), await solid(5000, 5000)]
    expect(bomb.length).toBeLessThan(400_000)
    expect(await scale!(good, 'image/jpeg', 20_000)).toBeDefined()
    expect(await scale!(bomb, 'image/jpeg', 20_000)).toBeUndefined()
  })

  it('are none where they are cut off, or something else', async () => {
    const cut = (await photo('jpeg', 200, 200)).slice(0, 2000)
    const svg = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    const tiff = (await sharp())(await photo('png', 20, 20)).tiff()
    for (const other of [cut, svg, await tiff.toBuffer(), new Uint8Array(5000).fill(0xff), new Uint8Array()])
      expect(await scale!(other, 'image/jpeg', 20_000)).toBeUndefined()
  })

  it('are not made where there is no room for anything to be seen', async () => {
    expect(await scale!(await photo('jpeg', 200, 200), 'image/png', 100)).toBeUndefined()
  })
})
