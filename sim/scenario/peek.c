/* The root of a document, before it is known which language that is of. */
#include <libxml/xmlreader.h>
#include <stdio.h>

#include "sim/scenario/scenario.h"

bool document_root(const char *path, char *name, size_t size)
{
	xmlTextReaderPtr reader = xmlReaderForFile(path, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	bool found = false;

	while (reader && !found && xmlTextReaderRead(reader) == 1)
		if (xmlTextReaderNodeType(reader) == XML_READER_TYPE_ELEMENT) {
			int n = snprintf(name, size, "%s", (const char *)xmlTextReaderConstLocalName(reader));
			found = n >= 0 && (size_t)n < size;
			if (!found)
				break;
		}
	xmlFreeTextReader(reader);
	return found;
}
