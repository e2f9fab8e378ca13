#include "models/bootstrap/identifier.h"

static const char unverified[] = "unverified default";

const struct identifier_scheme identifier_schemes[IDENTIFIER_SCHEMES] = {
	{ "eui-64", "EUI-64, DevEUI", "64 bit: OUI of 24, 28 or 36 bit and serial number", "IEEE Registration Authority", 64, 40, 1,
	  true, "IEEE Registration Authority: EUI-64 under an OUI-24; 8 B in LoRaWAN frames", unverified },
	{ "mac-48", "MAC-48", "48 bit: OUI and serial number", "IEEE Registration Authority", 48, 46, 1, true,
	  "IEEE 802: all but the bits for group and local addresses", unverified },
	{ "ipv6", "IPv6 address", "128 bit: prefix and interface identifier", "regional Internet registries", 128, 64, 1, true,
	  "RFC 4291: interface identifiers of 64 bit", unverified },
	{ "e164", "E.164 number", "at most 15 digits: country code and national number", "ITU-T", 50, 33, 1, true,
	  "ITU-T E.164; 10 digits to be drawn", unverified },
	{ "imsi", "IMSI", "15 digits: country and network code, MSIN of 9 or 10", "ITU-T E.212, network operator", 50, 33, 1, true,
	  "ITU-T E.212; 10 digits to be drawn", unverified },
	{ "oid", "OID", "arcs of a tree, under joint-iso-itu-t(2)", "ITU-T and ISO/IEC, each node for its arcs", 0, 122, 1, true,
	  "ITU-T X.660, X.667: arcs of random UUIDs", unverified },
	{ "sgtin-96", "EPC SGTIN-96", "96 bit: header, filter, partition, company and item, serial number", "GS1", 96, 38, 1, true,
	  "GS1 EPC Tag Data Standard: serial number of 38 bit", unverified },
	{ "handle", "Handle, digital object", "prefix/suffix", "DONA Foundation, then the prefix's service", 0, 122, 2, true,
	  "ITU-T Y.4459: global registry, then local service", unverified },
	{ "did", "Decentralised identifier", "did:method:id", "the method", 0, 128, 1, true,
	  "W3C DID Core: one read of the method's registry", unverified },
	{ "devaddr", "LoRaWAN DevAddr", "32 bit, of which 25 are the device's in networks of type 0", "LoRa Alliance, network server",
	  32, 25, 1, false, "LoRaWAN: 32 bit verified; 25 of type 0", unverified },
};
