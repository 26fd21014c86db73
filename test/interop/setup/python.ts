/** confluent-kafka and kafka-python, in a virtual environment in the cache. */
import { rmSync } from 'node:fs'
import { runChecked, runCommand } from '../run-command.ts'
import { cacheFolder } from './cache.ts'
import { installPackages, versionLine, type Client } from './client.ts'

export const pythonCommand = cacheFolder('python', 'bin', 'python')

const showVersions = `
import sys, confluent_kafka, kafka
print('Python', sys.version.split()[0] + ', confluent-kafka', confluent_kafka.__version__,
      '(librdkafka', confluent_kafka.libversion()[0] + '), kafka-python', kafka.__version__)
`

export const python: Client = {
  name: 'Python clients',
  remedy: 'install Python 3 with venv and pip, and reach PyPI',
  find: () => versionLine(pythonCommand, ['-c', showVersions]),
  install: async () => {
    if ((await versionLine('python3', ['--version'])) === null)
      await installPackages({ apt: ['python3', 'python3-venv'], brew: ['python'] })
    const folder = cacheFolder('python')
    rmSync(folder, { recursive: true, force: true })
    const made = await runCommand('python3', ['-m', 'venv', folder])
    if (made.status !== 0) {
      // Debian keeps pip's part of venv in a package of its own.
      await installPackages({ apt: ['python3-venv'], brew: ['python'] })
      await runChecked('python3', ['-m', 'venv', '--clear', folder])
    }
    const packages = ['confluent-kafka', 'kafka-python']
    const install = ['-m', 'pip', 'install', '--quiet', ...packages]
    await runChecked(pythonCommand, install, { timeoutMs: 300_000 })
  },
}
