/**
 * Apache Kafka writes the documentation of its configurations in HTML, for its website. As a page
 * shows it: plain, with names between backquotes.
 */
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' }

export function documentationText(html: string): string {
  return html
    .replaceAll(/<\/?(?:code|tt)>/g, '`')
    .replaceAll(/<(?:br|p|li|ul|ol|div)\b[^>]*>/g, ' ')
    .replaceAll(/<\/?[a-z][a-z0-9]*(?: [^>]*)?\/?>/g, '')
    .replaceAll(/&(lt|gt|amp|quot);/g, (_entity, name: string) => ENTITIES[name]!)
    .replaceAll(/\s+/g, ' ')
    .trim()
}
