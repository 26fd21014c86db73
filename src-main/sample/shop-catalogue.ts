/** What the sample shop has and who comes to it. Words in several scripts, as real data has them. */

export interface Product {
  readonly sku: string
  readonly name: string
  readonly priceCents: number
}

export const products: readonly Product[] = [
  { sku: 'THR-001', name: 'Linen thread, natural', priceCents: 490 },
  { sku: 'THR-002', name: 'Silk thread 🧵 indigo', priceCents: 1_290 },
  { sku: 'SPL-010', name: 'Beech spool', priceCents: 350 },
  { sku: 'SPL-011', name: 'Star-shaped spool ✳️', priceCents: 2_475 },
  { sku: 'NDL-100', name: 'Nähnadeln, 20 Stück', priceCents: 695 },
  { sku: 'NDL-101', name: '刺繍針セット', priceCents: 1_150 },
  { sku: 'FAB-200', name: 'Tissu en coton, 1 m', priceCents: 1_890 },
  { sku: 'FAB-201', name: 'قماش كتان', priceCents: 2_250 },
  { sku: 'BTN-300', name: 'Guziki z masy perłowej', priceCents: 780 },
  { sku: 'SCI-400', name: 'Scissors, 24 cm ✂️', priceCents: 3_400 },
  { sku: 'KIT-500', name: 'Sewing kit "Odradek"', priceCents: 5_900 },
  { sku: 'GFT-900', name: 'Gift card 🎁', priceCents: 2_500 },
]

export interface Customer {
  readonly name: string
  readonly country: string
  readonly currency: string
}

export const customers: readonly Customer[] = [
  { name: 'Gregor S.', country: 'CZ', currency: 'CZK' },
  { name: 'Zoë Müller', country: 'DE', currency: 'EUR' },
  { name: 'José Álvarez', country: 'ES', currency: 'EUR' },
  { name: '山田 花子', country: 'JP', currency: 'JPY' },
  { name: 'ליאור כהן', country: 'IL', currency: 'ILS' },
  { name: 'مريم حداد', country: 'LB', currency: 'USD' },
  { name: 'Łukasz Wójcik', country: 'PL', currency: 'PLN' },
  { name: 'Ana 🦊 Popescu', country: 'RO', currency: 'RON' },
  { name: "Siobhán O'Neill", country: 'IE', currency: 'EUR' },
  { name: 'Nguyễn Thị Mai', country: 'VN', currency: 'VND' },
]

export const notes: readonly (string | null)[] = [
  null,
  null,
  null,
  'Please ring twice 🔔🔔',
  'Gift wrap, no invoice',
  'Leave it with the neighbour at №4',
  'шестой этаж, лифта нет',
  'Line one\nline two\t(tabbed)',
]

export const pages: readonly string[] = [
  '/',
  '/search?q=thread',
  '/search?q=%E7%B3%B8',
  '/products/SPL-011',
  '/products/KIT-500',
  '/basket',
  '/checkout',
  '/help/returns',
]

export const agents: readonly string[] = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/150.0 Safari/537.36',
]
