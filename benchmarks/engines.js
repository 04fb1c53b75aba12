// The engines of node at the work of four pages; speaks with word.py as engines.py does.
//   node engines.js ENGINE TEMPLATE CLIENTS    (NODE_PATH names the folder of the packages)
const fs = require("fs");
const readline = require("readline");

const [engine, templatePath, clientsPath] = process.argv.slice(2);
const template = fs.readFileSync(templatePath);
const clients = JSON.parse(fs.readFileSync(clientsPath));

async function docxtemplater(client) {
  const PizZip = require("pizzip");
  const Docxtemplater = require("docxtemplater");
  const document = new Docxtemplater(new PizZip(template), { paragraphLoop: true, linebreaks: true });
  document.render(client);
  return document.getZip().generate({ type: "nodebuffer", compression: "DEFLATE" });
}

async function easyTemplateX(client) {
  const { TemplateHandler } = require("easy-template-x");
  return new TemplateHandler().process(template, client);
}

const fill = engine === "docxtemplater" ? docxtemplater : easyTemplateX;

async function answer(command, state) {
  if (command === "memory") return Math.round(process.resourceUsage().maxRSS / 1024);
  if (command === "text") {
    const made = [];
    for (const client of clients.slice(0, 5)) made.push(Buffer.from(await fill(client)).toString("base64"));
    return made;
  }
  const start = process.hrtime.bigint();
  for (let done = 0; done < Number(command); done++) await fill(clients[state.next++ % clients.length]);
  return Number(process.hrtime.bigint() - start) / 1e6 / Number(command);
}

(async () => {
  const state = { next: 0 };
  for await (const line of readline.createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await answer(line.trim(), state)));
  }
})();
