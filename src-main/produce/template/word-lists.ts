/** Words that generators draw from. */

const list = (text: string): readonly string[] => text.trim().split(/\s+/)

export const words = list(`
  able acid amber anchor apple arrow autumn badge basin beam berry birch blade bloom board bolt
  bread brick bridge bright brook cabin calm candle canvas cedar chalk chart cherry cliff clock
  cloud coast copper coral cotton crane creek crisp dawn delta desert drift eager early earth echo
  ember fable falcon feather fern field flame flint forest fossil frost garden gentle glass globe
  grain granite grape harbor harvest hazel hollow honey horizon iron island ivory jade jolly
  juniper kettle lagoon lantern lark leaf lemon light linen maple marble meadow mellow mint mirror
  moss mountain needle noble north oak ocean olive onyx orchard otter oyster paper pebble pepper
  pine planet plum pond prairie quartz quiet rain raven reed ridge river robin rose rust saddle
  sage salt sand shadow shell silver sketch slate smoke snow south spark spruce stable steel stone
  stream summer sunny swift table thistle thread tide timber tulip valley velvet violet walnut
  water west willow wind winter wolf wonder yellow zephyr`)

export const firstNames = list(`
  Ada Alan Alice Amir Ana Anton Aya Bela Boris Carla Chen Clara Dario David Dina Elena Emil Erik
  Eva Farid Felix Gita Grace Hana Hugo Ida Ines Ivan Jana Jonas Jun Karl Kei Lara Leo Lin Luis
  Maria Marta Max Mei Milan Mira Nadia Nina Noor Olga Omar Otto Paula Pedro Petra Rafael Ravi Rosa
  Ruth Sami Sara Sofia Tariq Tomas Uma Vera Viktor Wei Yara Yusuf Zoe`)

export const lastNames = list(`
  Abe Adler Ahmed Alves Bauer Becker Berg Blum Brown Castro Chan Costa Cruz Dias Diaz Dubois Evans
  Fischer Fuchs Garcia Gomes Gupta Haas Hansen Hoffman Ito Ivanov Jansen Jones Kaya Keller Khan
  Kim Klein Kovac Kraus Kumar Lang Larsen Lee Lima Lopez Maier Martin Mendes Meyer Moreau Mori
  Nguyen Novak Olsen Park Patel Pavel Pereira Popov Ramos Rossi Roth Saito Sato Schmidt Silva
  Singh Smith Sousa Suzuki Tanaka Torres Vogel Wagner Wang Weber Wolf Wong Yilmaz Zhang`)
