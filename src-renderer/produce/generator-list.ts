/** The generators that the menu offers, each as it can be put in. A test renders all of them. */
export const GENERATORS = [
  {
    group: 'count',
    entries: [
      { text: '{{sequence}}', about: 'sequence' },
      { text: '{{counter 1000 10}}', about: 'counter' },
      { text: '{{sequence | pad 8}}', about: 'pad' },
    ],
  },
  {
    group: 'random',
    entries: [
      { text: '{{uuid}}', about: 'uuid' },
      { text: '{{int 1 100}}', about: 'int' },
      { text: '{{float 0 1 3}}', about: 'float' },
      { text: '{{normal 100 15 1}}', about: 'normal' },
      { text: '{{boolean 0.5}}', about: 'boolean' },
      { text: '{{random string 12}}', about: 'randomString' },
      { text: '{{random hex 16}}', about: 'randomHex' },
    ],
  },
  {
    group: 'choice',
    entries: [
      { text: "{{choice paid open 'on hold'}}", about: 'choice' },
      { text: '{{weighted paid 9 failed 1}}', about: 'weighted' },
    ],
  },
  {
    group: 'time',
    entries: [
      { text: '{{now}}', about: 'now' },
      { text: '{{now iso}}', about: 'nowIso' },
      { text: '{{now iso -15m}}', about: 'nowBack' },
      { text: '{{timestamp iso}}', about: 'timestamp' },
    ],
  },
  {
    group: 'words',
    entries: [
      { text: '{{word}}', about: 'word' },
      { text: '{{sentence 8}}', about: 'sentence' },
      { text: '{{first-name}}', about: 'firstName' },
      { text: '{{last-name}}', about: 'lastName' },
      { text: '{{email}}', about: 'email' },
      { text: '{{ip}}', about: 'ip' },
      { text: '{{sentence 3 | json}}', about: 'json' },
      { text: "{{'{{'}}", about: 'braces' },
    ],
  },
] as const
