using System.Text;

namespace Ringmaster.Lab.Tests;

public sealed class ModuleOrderTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("modules").FullName;

    [Fact]
    public void A_module_comes_behind_those_that_it_needs()
    {
        Write("kvm-amd", "kvm");
        Write("kvm", "irqbypass");
        Write("irqbypass", "");
        Write("virtio", "virtio_ring");
        Write("virtio_ring", "");

        var order = ModuleOrder.Resolve(_directory, ["virtio", "kvm_amd"]);

        Assert.Equal(["virtio_ring", "virtio", "irqbypass", "kvm", "kvm-amd"], order.Select(Path.GetFileNameWithoutExtension));
    }

    [Fact]
    public void A_module_that_a_kernel_lacks_is_named()
    {
        var error = Assert.Throws<LabException>(() => ModuleOrder.Resolve(_directory, ["overlay"]));

        Assert.Contains("no module overlay", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private void Write(string name, string needs) =>
        File.WriteAllBytes(Path.Combine(_directory, name + ".ko"), Encoding.ASCII.GetBytes($"\x7FELF license=GPL\0depends={needs}\0name={name}\0"));
}
