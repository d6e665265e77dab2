//! Small documents, made as the programs make them.

use crate::files::kit::zipped;

const TYPES: &[u8] =
    b"<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>";

/// A Word document of these paragraphs, each in two runs as Word likes to split them.
pub(crate) fn docx(paragraphs: &[&str]) -> Vec<u8> {
    let runs = |text: &str| {
        let middle = text.char_indices().nth(text.chars().count() / 2).map_or(0, |(at, _)| at);
        let (a, b) = text.split_at(middle);
        format!("<w:p><w:r><w:t xml:space=\"preserve\">{a}</w:t></w:r><w:r><w:t>{b}</w:t></w:r></w:p>")
    };
    docx_of(&paragraphs.iter().map(|text| runs(text)).collect::<String>())
}

/// A Word document with this body.
pub(crate) fn docx_of(body: &str) -> Vec<u8> {
    let document =
        format!("<?xml version=\"1.0\"?><w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
    zipped(&[("[Content_Types].xml", TYPES), ("word/document.xml", document.as_bytes())])
}

/// A presentation with one text for each slide.
pub(crate) fn pptx(slides: &[&str]) -> Vec<u8> {
    let slides: Vec<(String, String)> = slides
        .iter()
        .enumerate()
        .map(|(at, text)| {
            let slide =
                format!("<p:sld xmlns:p=\"p\" xmlns:a=\"a\"><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>");
            (format!("ppt/slides/slide{}.xml", at + 1), slide)
        })
        .collect();
    let mut parts: Vec<(&str, &[u8])> = vec![("[Content_Types].xml", TYPES)];
    parts.extend(slides.iter().map(|(name, slide)| (name.as_str(), slide.as_bytes())));
    zipped(&parts)
}

/// A sheet of one row: shared texts, then a number.
pub(crate) fn xlsx(texts: &[&str], number: &str) -> Vec<u8> {
    let shared: String = texts.iter().map(|text| format!("<si><t>{text}</t></si>")).collect();
    let shared = format!("<sst xmlns=\"s\">{shared}</sst>");
    let cells: String = (0..texts.len()).map(|at| format!("<c t=\"s\"><v>{at}</v></c>")).collect();
    let sheet = format!(
        "<worksheet xmlns=\"s\"><sheetData><row>{cells}<c><v>{number}</v></c></row></sheetData></worksheet>"
    );
    zipped(&[
        ("[Content_Types].xml", TYPES),
        ("xl/sharedStrings.xml", shared.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

/// An OpenDocument text.
pub(crate) fn odt(text: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content xmlns:office=\"o\" xmlns:text=\"t\"><text:p>{text}</text:p></office:document-content>"
    );
    zipped(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", content.as_bytes())])
}

/// A PDF with one page for each text, in Latin letters.
pub(crate) fn pdf(pages: &[&str]) -> Vec<u8> {
    let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>";
    let shown = |text: &&str| format!("BT /F1 12 Tf 72 720 Td ({text}) Tj ET");
    paged(&[font.to_owned()], &pages.iter().map(shown).collect::<Vec<_>>(), "")
}

/// A PDF of one page whose lines are Chinese, as a font without its own alphabet shows them.
pub(crate) fn chinese_pdf(lines: &[&str]) -> Vec<u8> {
    let all: Vec<char> = lines.iter().flat_map(|line| line.chars()).collect();
    let code = |c: char| all.iter().position(|other| *other == c).map_or(0, |at| at + 1);
    let mapped: String = all.iter().map(|c| format!("<{:04X}> <{:04X}>\n", code(*c), *c as u32)).collect();
    let map = format!(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /X def\n/CMapType 2 def\n\
         1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{} beginbfchar\n{mapped}endbfchar\n\
         endcmap\nend\nend",
        all.len()
    );
    let fonts = [
        "<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 6 0 R >>".to_owned(),
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor 5 0 R /DW 1000 >>".to_owned(),
        "<< /Type /FontDescriptor /FontName /Song /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{map}\nendstream", map.len()),
    ];
    let mut shown = String::from("BT /F1 12 Tf 72 720 Td ");
    for line in lines {
        let codes: String = line.chars().map(|c| format!("{:04X}", code(c))).collect();
        shown.push_str(&format!("<{codes}> Tj 0 -16 Td "));
    }
    shown.push_str("ET");
    paged(&fonts, &[shown], "")
}

/// A PDF with objects for its font from 3 on, one page for each content, and more in its trailer.
pub(crate) fn paged(fonts: &[String], contents: &[String], trailer: &str) -> Vec<u8> {
    let first = 3 + fonts.len();
    let kids: String = (0..contents.len()).map(|at| format!("{} 0 R ", first + 2 * at)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{kids}] /Count {} /MediaBox [0 0 612 792] >>", contents.len()),
    ];
    objects.extend_from_slice(fonts);
    for (at, content) in contents.iter().enumerate() {
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /Resources << /Font << /F1 3 0 R >> >> /Contents {} 0 R >>",
            first + 2 * at + 1
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
    }
    let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", at + 1).bytes());
    }
    let table = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        out.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let size = objects.len() + 1;
    out.extend(
        format!("trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{table}\n%%EOF\n").bytes(),
    );
    out
}
