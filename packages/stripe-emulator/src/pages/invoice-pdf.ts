/** The invoice on paper: A4, as many pages as it takes, with the number and the page at the foot of each. */
import PDFDocument from "pdfkit";
import type { InvoiceDocument } from "./invoice-document.ts";
import { printable } from "./invoice-text.ts";

const MARGIN = 56;
const WIDTH = 595.28 - 2 * MARGIN;
/** The foot of the page stands below this. */
const BOTTOM = 841.89 - MARGIN - 24;
const INK = "#1c2430";
const QUIET = "#5c6675";
const LINE = "#d5dae1";

/** Left edge and width of each column, in points from the margin. */
const COLUMNS = {
  description: { x: 0, width: 230 },
  quantity: { x: 235, width: 50 },
  unit: { x: 290, width: 70 },
  tax: { x: 365, width: 45 },
  amount: { x: 415, width: WIDTH - 415 },
};

type Paper = InstanceType<typeof PDFDocument>;

/** `fontFile` is for letters that the built-in font lacks; without one they are replaced. */
export function renderPdf(given: InvoiceDocument, fontFile: string | null): Promise<ArrayBuffer> {
  const document = fontFile === null ? inBuiltInFont(given) : given;
  const paper = new PDFDocument({
    size: "A4",
    margin: MARGIN,
    bufferPages: true,
    lang: "en",
    displayTitle: true,
    info: { Title: `Invoice ${given.number}`, Author: given.seller[0] ?? "" },
  });
  paper.registerFont("text", fontFile ?? "Helvetica");
  paper.registerFont("strong", fontFile ?? "Helvetica-Bold");
  const chunks: Buffer[] = [];
  const done = new Promise<ArrayBuffer>((resolve, reject) => {
    paper.on("data", (chunk: Buffer) => chunks.push(chunk));
    paper.on("end", () => resolve(new Uint8Array(Buffer.concat(chunks)).buffer));
    paper.on("error", reject);
  });
  drawHead(paper, document);
  drawRows(paper, document);
  drawSums(paper, document);
  for (const note of document.notes) {
    keepTogether(paper, 30);
    paper
      .font("text")
      .fontSize(9)
      .fillColor(QUIET)
      .text(note, MARGIN, paper.y + 8, { width: WIDTH });
  }
  drawFeet(paper, document);
  paper.end();
  return done;
}

/** Every text with letters that the built-in font has. */
function inBuiltInFont(document: InvoiceDocument): InvoiceDocument {
  return JSON.parse(JSON.stringify(document), (_key, value: unknown) =>
    typeof value === "string" ? printable(value) : value,
  ) as InvoiceDocument;
}

/** Number and page on each page, so that loose sheets find together again. */
function drawFeet(paper: Paper, document: InvoiceDocument): void {
  const { count } = paper.bufferedPageRange();
  for (let page = 0; page < count; page += 1) {
    paper.switchToPage(page);
    // Text below the margin would otherwise begin a new page.
    paper.page.margins.bottom = 0;
    const foot = `${document.seller[0] ?? ""}   Invoice ${document.number}   Page ${page + 1} of ${count}`;
    paper
      .font("text")
      .fontSize(8)
      .fillColor(QUIET)
      .text(foot, MARGIN, 841.89 - MARGIN, { width: WIDTH, align: "center", lineBreak: false });
  }
}

function drawHead(paper: Paper, document: InvoiceDocument): void {
  paper
    .font("strong")
    .fontSize(22)
    .fillColor(INK)
    .text(document.title ?? "Invoice", MARGIN, MARGIN);
  paper
    .font("text")
    .fontSize(10)
    .fillColor(QUIET)
    .text(document.status, MARGIN, MARGIN + 8, { width: WIDTH, align: "right" });
  let y = MARGIN + 40;
  for (const { label, value } of document.facts) {
    paper.font("text").fontSize(9.5).fillColor(QUIET).text(label, MARGIN, y, { width: 110 });
    paper.fillColor(INK).text(value, MARGIN + 115, y, { width: WIDTH - 115 });
    y = paper.y + 2;
  }
  y += 16;
  const sellerEnd = drawParty(paper, "From", document.seller, { x: MARGIN, y });
  const buyerEnd = drawParty(paper, "Bill to", document.buyer, { x: MARGIN + WIDTH / 2, y });
  y = Math.max(sellerEnd, buyerEnd) + 20;
  paper.font("strong").fontSize(15).fillColor(INK).text(document.headline, MARGIN, y, { width: WIDTH });
  paper.y += 16;
}

function drawParty(paper: Paper, label: string, lines: string[], at: { x: number; y: number }): number {
  const width = WIDTH / 2 - 16;
  paper.font("text").fontSize(9).fillColor(QUIET).text(label, at.x, at.y, { width });
  for (const [index, line] of lines.entries()) {
    const font = index === 0 ? "strong" : "text";
    paper
      .font(font)
      .fontSize(10)
      .fillColor(INK)
      .text(line, at.x, paper.y + 1, { width });
  }
  return paper.y;
}

function drawRows(paper: Paper, document: InvoiceDocument): void {
  const head = {
    description: "Description",
    quantity: "Quantity",
    unit: "Unit price",
    tax: "VAT",
    amount: "Amount",
  };
  drawCells(paper, head, QUIET);
  for (const row of document.rows) {
    keepTogether(paper, 44);
    rule(paper);
    const { period, ...cells } = row;
    const end = drawCells(paper, cells, INK);
    if (period === null) continue;
    paper
      .font("text")
      .fontSize(9)
      .fillColor(QUIET)
      .text(period, MARGIN, end - 4, { width: COLUMNS.description.width });
    paper.y += 6;
  }
  rule(paper);
}

function drawCells(paper: Paper, cells: Record<keyof typeof COLUMNS, string>, color: string): number {
  const top = paper.y;
  let end = top;
  for (const [name, { x, width }] of Object.entries(COLUMNS)) {
    const align = name === "description" ? "left" : "right";
    const text = cells[name as keyof typeof COLUMNS];
    paper
      .font("text")
      .fontSize(10)
      .fillColor(color)
      .text(text, MARGIN + x, top, { width, align });
    end = Math.max(end, paper.y);
  }
  paper.y = end + 6;
  return paper.y;
}

function drawSums(paper: Paper, document: InvoiceDocument): void {
  keepTogether(paper, document.sums.length * 18);
  for (const { label, value, isTotal } of document.sums) {
    const y = paper.y + 3;
    paper
      .font(isTotal ? "strong" : "text")
      .fontSize(10)
      .fillColor(INK);
    paper.text(label, MARGIN + 160, y, { width: 235, align: "right" });
    paper.text(value, MARGIN + COLUMNS.amount.x, y, { width: COLUMNS.amount.width, align: "right" });
  }
  paper.y += 16;
}

function rule(paper: Paper): void {
  paper
    .moveTo(MARGIN, paper.y)
    .lineTo(MARGIN + WIDTH, paper.y)
    .lineWidth(0.5)
    .strokeColor(LINE)
    .stroke();
  paper.y += 8;
}

/** Begins a new page when what follows would be cut. */
function keepTogether(paper: Paper, height: number): void {
  if (paper.y + height > BOTTOM) paper.addPage();
}
