import { type Element, type Kind, type Markup, nameIn, type Version } from '../schema/kit.ts'
import { namespaceOf } from '../schema/namespaces.ts'
import type { Sink, Write } from './compile-write.ts'
import { formatDate } from './scalars.ts'
import { escapeText } from './xml-text.ts'

/** XML of one version. Used again and again: `take` returns what was written and starts afresh. */
export class XmlWriter implements Sink {
  private readonly version: Version
  private out = ''

  constructor(version: Version) {
    this.version = version
  }

  take(): string {
    const written = this.out
    this.out = ''
    return written
  }

  raw(text: string) {
    this.out += text
  }

  open(element: Element): () => number {
    const name = nameIn(this.version, element)
    const { namespace } = element.facts
    const tag = namespace ? `<${name} xmlns="${namespaceOf(namespace, this.version)}">` : `<${name}>`
    return () => {
      this.out += tag
      return 0
    }
  }

  close(element: Element): () => void {
    const tag = `</${nameIn(this.version, element)}>`
    return () => {
      this.out += tag
    }
  }

  remembering(write: Write): Write {
    const remembered = new WeakMap<object, string>()
    return value => {
      if (!Object.isFrozen(value)) return write(value)
      let text = remembered.get(value)
      if (text === undefined) {
        const before = this.out
        this.out = ''
        write(value)
        text = this.out
        this.out = before
        remembered.set(value, text)
      }
      this.out += text
    }
  }

  scalar(element: Element, kind: Kind): Write {
    const name = nameIn(this.version, element)
    const [open, close] = [`<${name}>`, `</${name}>`]
    switch (kind) {
      case 'string':
      case 'token':
        return (value: string) => {
          this.out += open + escapeText(value) + close
        }
      case 'content':
        return (value: string | Uint8Array) => {
          this.out += open + (typeof value === 'string' ? escapeText(value) : toBase64(value)) + close
        }
      case 'int':
        return (value: number) => {
          this.out += open + value + close
        }
      case 'bool': {
        const [yes, no] = [`${open}T${close}`, `${open}F${close}`]
        return (value: boolean) => {
          this.out += value ? yes : no
        }
      }
      case 'date':
        return (value: Date) => {
          this.out += open + formatDate(value) + close
        }
      case 'empty':
        return () => {
          this.out += `<${name}/>`
        }
      case 'extension':
        return (value: Markup) => {
          this.out += printMarkup({ ...value, name })
        }
    }
  }
}

/** Octets in XML are always base64; the element that says so (ContentEncoding) is the sender's to set (CSP 5.6.1). */
const toBase64 = (bytes: Uint8Array): string => {
  let text = ''
  for (let start = 0; start < bytes.length; start += 8190)
    text += btoa(String.fromCharCode.apply(null, bytes.subarray(start, start + 8190) as unknown as number[]))
  return text
}

const escapeAttribute = (text: string) =>
  escapeText(text).replace(/["\t\n]/g, character => `&#${character.charCodeAt(0)};`)

/** Foreign markup; its depth was bounded when it was read, so recursion is as well. */
const printMarkup = (markup: Markup): string => {
  const attributes = markup.attributes.map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`).join('')
  const inside = markup.children.map(child => {
    if (typeof child === 'string') return escapeText(child)
    return child instanceof Uint8Array ? toBase64(child) : printMarkup(child)
  })
  return inside.length === 0
    ? `<${markup.name}${attributes}/>`
    : `<${markup.name}${attributes}>${inside.join('')}</${markup.name}>`
}
