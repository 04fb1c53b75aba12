#!/usr/bin/env bash
# Writes docs/pages-*.png: every page of one client of each combination of populations, plan, reviews and discharge,
# as LibreOffice shows it; and docs/forms-*.png: the same documents as PDF forms, for two of them. Needs plankit,
# soffice, pdftoppm and montage (ImageMagick). Run it after a layout changed.
set -euo pipefail
shopt -s failglob
docs=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
plankit demo -o demo >/dev/null
plankit make demo/clients.xlsx -o forms --as pdf --today 2026-09-30 >/dev/null 2>&1 || [ $? = 1 ]
sheet() { # name of the sheet, client
    mkdir "$1"
    cp "demo/documents/$2/"*.docx "$1"
    soffice "-env:UserInstallation=file://$work/profile" --headless --convert-to pdf --outdir "$1" "$1"/*.docx >/dev/null
    picture "$1" "pages-$1"
}
form() { # name of the sheet, client
    picture "forms/$2" "forms-$1"
}
picture() { # folder of PDFs, name of the picture
    local pages=() pdf
    for pdf in "$1"/treatment_plan.pdf "$1"/plan_review-*.pdf "$1"/discharge_summary.pdf; do
        pdftoppm -r 36 -png "$pdf" "${pdf%.pdf}-page"
        pages+=("${pdf%.pdf}-page"-*.png)
    done
    montage "${pages[@]}" -tile 6x -geometry +6+6 -background '#8a8a8a' +dither -colors 12 -depth 4 \
        -define png:compression-level=9 "PNG8:$docs/$2.png"
}
sheet adult 0046
sheet adult-trauma 0051
sheet adult-idd 0054
sheet adult-trauma-idd 0056
sheet adolescent 0048
sheet adolescent-trauma 0053
sheet adolescent-idd 0057
sheet adolescent-trauma-idd 0058
form adult 0046
form adolescent-trauma-idd 0058
