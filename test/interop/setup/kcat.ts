import { installPackages, versionLine, type Client } from './client.ts'

export const kcat: Client = {
  name: 'kcat',
  remedy: 'apt-get install kcat, or brew install kcat',
  find: () => versionLine('kcat', ['-V'], /^Version /),
  install: () => installPackages({ apt: ['kcat'], brew: ['kcat'] }),
}
