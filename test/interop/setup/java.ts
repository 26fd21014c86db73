/**
 * Apache Kafka 4.3.1 from Maven Central: its broker, its command-line tools and its clients.
 * By Maven where it is (or can be installed), else over plain https from the fixed list beside
 * this file, each jar checked against the repository's own .sha1.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { runChecked } from '../run-command.ts'
import { cacheFolder, interopFile } from './cache.ts'
import { installPackages, versionLine, type Client } from './client.ts'

export const apacheKafkaVersion = '4.3.1'
const listFile = interopFile('setup', `apache-kafka-${apacheKafkaVersion}.txt`)

/** The folder of Apache Kafka's jars. */
export function apacheKafkaLibs(): string {
  return cacheFolder(`apache-kafka-${apacheKafkaVersion}`, 'libs')
}

/** What `java` needs before a main class of Apache Kafka's; `flags` are the JVM's. */
export function javaArguments(flags: readonly string[]): string[] {
  const logging = `-Dlog4j2.configurationFile=${interopFile('setup', 'log4j2.properties')}`
  return [...flags, logging, '-cp', join(apacheKafkaLibs(), '*')]
}

export const java: Client = {
  name: 'Apache Kafka (Java)',
  remedy: 'install Java 17 or later and Maven, or set ODRADEK_MAVEN_REPOSITORY to a mirror',
  find: async () => {
    const version = await versionLine('java', ['-version'], /version "\d+/)
    const missing = jarPaths().filter(path => !existsSync(join(apacheKafkaLibs(), basename(path))))
    if (version === null || missing.length > 0) return null
    return `Apache Kafka ${apacheKafkaVersion}, ${version}`
  },
  install: async () => {
    if ((await versionLine('java', ['-version'])) === null)
      await installPackages({ apt: ['default-jre-headless'], brew: ['openjdk'] })
    const part = `${apacheKafkaLibs()}.part`
    rmSync(part, { recursive: true, force: true })
    mkdirSync(part, { recursive: true })
    await fetchJars(part)
    rmSync(apacheKafkaLibs(), { recursive: true, force: true })
    renameSync(part, apacheKafkaLibs())
  },
}

async function fetchJars(folder: string): Promise<void> {
  const mirror = process.env['ODRADEK_MAVEN_REPOSITORY']
  if (mirror !== undefined) {
    await fetchFixedList(mirror, folder)
    return
  }
  if ((await versionLine('mvn', ['-v'])) === null)
    await installPackages({ apt: ['maven'], brew: ['maven'] })
  await writeFile(join(folder, 'pom.xml'), pom())
  const goal = 'dependency:copy-dependencies'
  const args = ['-q', '-B', goal, '-DincludeScope=runtime', `-DoutputDirectory=${folder}`]
  await runChecked('mvn', args, { cwd: folder, timeoutMs: 600_000 })
  const jars = new Set(readdirSync(folder))
  const missing = jarPaths().filter(path => !jars.has(basename(path)))
  if (missing.length > 0) throw new Error(`Maven brought no ${missing.join(', ')}`)
}

async function fetchFixedList(repository: string, folder: string): Promise<void> {
  const rest = jarPaths()
  const worker = async () => {
    for (let path = rest.pop(); path !== undefined; path = rest.pop()) {
      const jar = await download(`${repository}/${path}`)
      const expected = (await download(`${repository}/${path}.sha1`)).toString('utf8').trim()
      const sha1 = createHash('sha1').update(jar).digest('hex')
      if (!expected.startsWith(sha1)) throw new Error(`${path}: SHA-1 is ${sha1}, not ${expected}`)
      await writeFile(join(folder, basename(path)), jar)
    }
  }
  await Promise.all([worker(), worker(), worker(), worker()])
}

async function download(url: string): Promise<Buffer> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url} answers ${response.status}`)
  return Buffer.from(await response.arrayBuffer())
}

/** Every jar, as its path in a Maven repository. */
function jarPaths(): string[] {
  return readFileSync(listFile, 'utf8').split('\n').filter(Boolean)
}

function pom(): string {
  // The client asks for slf4j 1.7, hence log4j-slf4j-impl and not -slf4j2-impl.
  const wanted = [
    ['org.apache.kafka', 'kafka_2.13', apacheKafkaVersion],
    ['org.apache.kafka', 'kafka-tools', apacheKafkaVersion],
    ['org.apache.logging.log4j', 'log4j-core', '2.25.3'],
    ['org.apache.logging.log4j', 'log4j-slf4j-impl', '2.25.3'],
  ]
  const dependencies = wanted.map(
    ([group, artifact, version]) =>
      `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId>` +
      `<version>${version}</version></dependency>`,
  )
  return (
    '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>' +
    '<groupId>odradek</groupId><artifactId>interop</artifactId><version>1</version>' +
    `<dependencies>${dependencies.join('')}</dependencies></project>`
  )
}
