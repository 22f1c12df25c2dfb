import { describe, expect, test } from 'vitest';
import { complaints, variables } from '../support/deploy/command-line.ts';
import { documentOf, documentsOf, pathsBelow, textOf } from '../support/deploy/files.ts';

interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command?: string | readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly stop_grace_period?: string;
}

const compose = documentOf<{
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}>('deploy/compose.yaml');
const { services } = compose;
const named = Object.entries(services);
const ours = named.filter(([, { build }]) => build !== undefined);
const files = pathsBelow('deploy');
const yaml = files.filter((path) => /\.ya?ml$/.test(path));

describe('every file below deploy/', () => {
  test.each(yaml)('%s is YAML', (path) => {
    expect(documentsOf(path).length).toBeGreaterThan(0);
  });

  test('names the version of each image', () => {
    const images = files.flatMap((path) => [...textOf(path).matchAll(/^\s*(?:- )?image: (\S+)|^FROM (\S+)/gm)]);
    const names = images.map(([, image, base]) => image ?? base!);
    expect(names.length).toBeGreaterThan(8);
    expect(names.filter((name) => !/:[\w.-]*\d/.test(name) || /latest|stable/.test(name))).toEqual([]);
  });

  test('holds no password, only where one comes from', () => {
    const secret = /^\s*(?:- )?["']?\w*(?:password|secret|token|api_?key)["']?[ \t]*[:=][ \t]*["']?(.+)$/gim;
    const values = files.flatMap((path) => [...textOf(path).matchAll(secret)].map(([, value]) => `${path}: ${value}`));
    expect(values.length).toBeGreaterThan(3);
    expect(values.filter((value) => !/: (\$|false$)/.test(value))).toEqual([]);
    // In URLs, too.
    const urls = files.flatMap((path) =>
      [...textOf(path).matchAll(/\w+:\/\/[^\s:/@]+:([^\s@]+)@/g)].map(([, word]) => word),
    );
    expect(urls.filter((word) => word !== 'PASSWORD' && !word!.startsWith('${'))).toEqual([]);
  });
});

describe('compose.yaml', () => {
  test('waits for services that there are, and for health only where it is looked at', () => {
    for (const [name, { depends_on = {} }] of named) {
      for (const [other, { condition }] of Object.entries(depends_on)) {
        expect(services, `${name} waits for ${other}`).toHaveProperty(other);
        if (condition === 'service_healthy') expect(services[other]!.healthcheck, other).toBeDefined();
        if (condition === 'service_completed_successfully') expect(services[other]!.restart).toBe('no');
      }
    }
  });

  test('mounts volumes that are declared and files that are there', () => {
    const sources = named.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0]!));
    const kept = sources.filter((source) => !source.startsWith('./'));
    expect(kept.toSorted()).toEqual(Object.keys(compose.volumes).toSorted());
    for (const source of sources.filter((s) => s.startsWith('./'))) {
      expect(
        files.some((path) => path.startsWith(`deploy/${source.slice(2)}`)),
        source,
      ).toBe(true);
    }
  });

  test('is reachable from this machine only', () => {
    const ports = named.flatMap(([, { ports = [] }]) => ports);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  test('asks for every password in .env.example, and for no other', () => {
    const asked = new Set([...textOf('deploy/compose.yaml').matchAll(/\$\{(\w+)/g)].map(([, name]) => name!));
    const offered = [...textOf('deploy/.env.example').matchAll(/^(\w+)=$/gm)].map(([, name]) => name!);
    expect([...asked].toSorted()).toEqual(offered.toSorted());
  });

  test.each(ours)('%s runs with flags and variables that the command knows', (_, service) => {
    expect(complaints(service.command as readonly string[])).toEqual([]);
    const names = Object.keys(service.environment ?? {}).filter((name) => name !== 'NODE_OPTIONS');
    expect(names.filter((name) => !variables.includes(name))).toEqual([]);
    expect(service).toMatchObject({ read_only: true, stop_grace_period: '90s' });
  });

  test('makes every topic that the jobs read', () => {
    const script = (services['topics']!.command as readonly string[]).join('\n');
    for (const topic of ['logs', 'changes']) expect(script).toContain(`--topic ${topic} `);
  });

  test('Prometheus asks the services that serve metrics, at their port', () => {
    const { scrape_configs } = documentOf<{
      readonly scrape_configs: readonly {
        readonly static_configs: readonly { readonly targets: readonly string[] }[];
      }[];
    }>('deploy/prometheus/prometheus.yml');
    const targets = scrape_configs.flatMap((c) => c.static_configs.flatMap((s) => s.targets));
    const served = ours.map(([name, { command }]) => `${name}:${String(command!.at(-1)).split(':')[1]}`);
    expect(targets.toSorted()).toEqual(served.toSorted());
  });
});

describe('the Dockerfile', () => {
  const text = textOf('deploy/Dockerfile');

  test('runs as a user without rights, and checks its health', () => {
    const last = text.slice(text.lastIndexOf('\nFROM '));
    expect(last).toMatch(/^USER node$/m);
    expect(last).toMatch(/^HEALTHCHECK [\s\S]*\/healthz/m);
  });

  test('starts a command that is there, at the port it exposes', () => {
    const [, args] = /^CMD (\[.*\])$/m.exec(text)!;
    const command = JSON.parse(args!) as readonly string[];
    expect(complaints(command)).toEqual([]);
    const [, port] = /^EXPOSE (\d+)$/m.exec(text)!;
    expect(command.at(-1)).toBe(`0.0.0.0:${port}`);
    expect(text).toContain(`http://127.0.0.1:${port}/healthz`);
  });

  test('copies what there is', () => {
    const copied = [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names]) => names!.split(' '));
    expect(copied).toEqual(['package.json', 'package-lock.json', '.npmrc', 'scripts', '.']);
    for (const name of copied.slice(0, 3)) expect(textOf(name).length).toBeGreaterThan(0);
    expect(textOf('scripts/kafka.mjs')).toContain('export function ensureClient');
  });
});
