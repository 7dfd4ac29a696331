#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# mmdebstrap's customize hook: makes of the directory $1, a Debian with what the guest needs,
# root.img, vmlinuz and initrd in $PANTAU_VM_IMAGE. Outside of mmdebstrap it prints the
# options with which mmdebstrap is to be called.
set -eu -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
. "$root/tests/install.sh"

# Of Debian's kernel the guest needs little: a fifth of its modules' 400 MB.
options() {
	cat <<-END
		--variant=essential
		--include=$(packages_of guest | paste -sd,)
		--aptopt=APT::Install-Recommends "false"
		--dpkgopt=force-unsafe-io
		--dpkgopt=path-exclude=/usr/share/doc/*
		--dpkgopt=path-exclude=/usr/share/locale/*
		--dpkgopt=path-exclude=/usr/share/man/*
		--dpkgopt=path-exclude=/lib/modules/*/kernel/sound/*
		--dpkgopt=path-exclude=/lib/modules/*/kernel/drivers/*
		--dpkgopt=path-include=/lib/modules/*/kernel/drivers/virtio/*
		--dpkgopt=path-include=/lib/modules/*/virtio_blk.ko
		--dpkgopt=path-include=/lib/modules/*/veth.ko
		--dpkgopt=path-include=/lib/modules/*/dummy.ko
		--dpkgopt=path-include=/lib/modules/*/bonding.ko
		--dpkgopt=path-include=/lib/modules/*/mac80211_hwsim.ko
		--customize-hook='$here/image.sh' "\$1"
	END
}

# What starts at boot: systemd's own, and the test.
services() {
	local units='snmpd snmptrapd snmptrapd.socket wpa_supplicant hostapd'

	# shellcheck disable=SC2086 # units are words
	chroot "$1" systemctl disable $units
	chroot "$1" systemctl mask getty.target systemd-logind.service
	# A machine without an id would be taken for one at its first boot.
	chroot "$1" systemd-machine-id-setup
	echo pantau-vm >"$1/etc/hostname"
	install -m 644 "$here/guest/pantau-vm.service" "$1/etc/systemd/system/"
	chroot "$1" systemctl enable pantau-vm.service
}

# initrd ROOT: busybox and the modules of the root's disk, in the order of their loading.
initrd() {
	local dir=$1/initrd version module
	version=$(ls "$1/lib/modules")
	mkdir -p "$dir"/{bin,dev,proc,sys,root,pantau,modules}
	cp "$1/bin/busybox" "$dir/bin/"
	install -m 755 "$here/init" "$dir/init"
	install -m 755 "$here/probe" "$dir/probe"
	for module in virtio_pci virtio_blk ext4; do
		chroot "$1" modprobe -S "$version" --show-depends "$module"
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' >"$dir/order"
	while read -r module; do
		cp "$1$module" "$dir/modules/"
	done <"$dir/order"
	sed -i 's|.*/||' "$dir/order"
	chroot "$1" sh -c 'cd /initrd && find . | cpio -o -H newc --quiet' >"$PANTAU_VM_IMAGE/initrd"
	rm -r "$dir"
}

# disk ROOT: without what mmdebstrap has mounted in it.
disk() {
	local bare=$PANTAU_VM_IMAGE/bare

	rm -f "$PANTAU_VM_IMAGE/root.img"
	mkdir -p "$bare"
	mount --bind "$1" "$bare"
	mke2fs -q -t ext4 -L root -d "$bare" "$PANTAU_VM_IMAGE/root.img" 1G
	umount "$bare"
	rmdir "$bare"
}

make_image() {
	cp "$1"/boot/vmlinuz-* "$PANTAU_VM_IMAGE/vmlinuz"
	initrd "$1"
	services "$1"
	rm -rf "$1"/boot/* "$1"/var/lib/apt/lists "$1"/var/cache/apt
	disk "$1"
}

if [ $# = 0 ]; then
	options
else
	make_image "$1"
fi
