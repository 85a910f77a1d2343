// Bundles the card, and writes into it of which sources it was made.
//
//   node build.mjs [FILE]    into the integration, or elsewhere
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = dirname(fileURLToPath(import.meta.url));
const built = join(
  folder,
  "../custom_components/inteltele/frontend/inteltele-messages-card.js",
);

function fingerprint() {
  const sources = readdirSync(join(folder, "src")).map((name) => `src/${name}`);
  const hash = createHash("sha256");
  for (const name of [...sources, "build.mjs", "package-lock.json"].sort()) {
    hash.update(`${name}\n`).update(readFileSync(join(folder, name)));
  }
  return hash.digest("hex");
}

await build({
  entryPoints: [join(folder, "src/card.ts")],
  outfile: process.argv[2] ?? built,
  bundle: true,
  charset: "utf8",
  format: "esm",
  legalComments: "eof",
  logLevel: "warning",
  minify: true,
  target: "es2022",
  banner: {
    js: `// Made by scripts/card from frontend/; the sources' fingerprint is ${fingerprint()}.`,
  },
});
